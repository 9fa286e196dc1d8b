// libsodium, loaded when a page needs it, and the two things that an opener's machine does with it. No secret is sent anywhere.
import { _ } from "./i18n.js";
import { loadScript } from "./elements.js";

const FORMAT = "srm-portal/locked/1";
const PURPOSE = "opener key";
const REHEARSAL = "srm-portal/rehearsal/1";
export const PHRASE_MIN = 10;
const OPERATIONS = 3;
const MEMORY = 64 * 2 ** 20; // as on the command line: the second recommended choice of RFC 9106

export class KeyProblem extends Error {}

async function load() {
  await loadScript("libsodium/libsodium-sumo.js");
  await loadScript("libsodium/libsodium-wrappers-sumo.js");
  await window.sodium.ready;
  return window.sodium;
}

const base64 = (sodium, bytes) => sodium.to_base64(bytes, sodium.base64_variants.ORIGINAL);

// A new key: the text of its file, under the pass-phrase, and the public half as hexadecimal digits.
export async function newKey(phrase) {
  const normal = phrase.normalize("NFKC");
  if ([...normal].length < PHRASE_MIN) throw new KeyProblem(_("The pass-phrase is too short: at least ten letters."));
  const sodium = await load();
  const pair = sodium.crypto_box_keypair("hex");
  const salt = sodium.randombytes_buf(sodium.crypto_pwhash_SALTBYTES);
  const key = sodium.crypto_pwhash(32, normal, salt, OPERATIONS, MEMORY, sodium.crypto_pwhash_ALG_ARGON2ID13);
  const nonce = sodium.randombytes_buf(sodium.crypto_secretbox_NONCEBYTES);
  const content = JSON.stringify({ content: { private: pair.privateKey, public: pair.publicKey }, purpose: PURPOSE });
  const sealed = sodium.crypto_secretbox_easy(content, nonce, key);
  const box = new Uint8Array(nonce.length + sealed.length);
  box.set(nonce);
  box.set(sealed, nonce.length);
  const file = { box: base64(sodium, box), format: FORMAT, memory_bytes: MEMORY, operations: OPERATIONS, salt: base64(sodium, salt) };
  return { file: `${JSON.stringify(file)}\n`, public: pair.publicKey };
}

// The private key of a key file, as bytes.
function privateKey(sodium, text, phrase) {
  let file;
  try {
    file = JSON.parse(text);
  } catch {
    file = {};
  }
  if (file.format !== FORMAT || !(file.operations <= 10) || !(file.memory_bytes <= 2 ** 30)) throw new KeyProblem(_("This is not a key file."));
  const salt = sodium.from_base64(file.salt, sodium.base64_variants.ORIGINAL);
  const box = sodium.from_base64(file.box, sodium.base64_variants.ORIGINAL);
  const key = sodium.crypto_pwhash(32, phrase.normalize("NFKC"), salt, file.operations, file.memory_bytes, sodium.crypto_pwhash_ALG_ARGON2ID13);
  const size = sodium.crypto_secretbox_NONCEBYTES;
  let opened;
  try {
    opened = sodium.crypto_secretbox_open_easy(box.slice(size), box.slice(0, size), key, "text");
  } catch {
    throw new KeyProblem(_("Wrong pass-phrase, or the file was changed."));
  }
  const inside = JSON.parse(opened);
  if (inside.purpose !== PURPOSE) throw new KeyProblem(_("This is not an opener's key file."));
  return sodium.from_hex(inside.content.private);
}

// What the portal asks for: the opened test value, or the opened share, as hexadecimal digits.
export async function answer(purpose, boxHex, text, phrase) {
  const sodium = await load();
  const secret = privateKey(sodium, text, phrase);
  let opened;
  try {
    opened = sodium.crypto_box_seal_open(sodium.from_hex(boxHex), sodium.crypto_scalarmult_base(secret), secret);
  } catch {
    throw new KeyProblem(_("This key does not open it: it was made for another key of yours."));
  }
  if (purpose !== "rehearsal") return sodium.to_hex(opened);
  const tag = sodium.from_string(REHEARSAL);
  if (!tag.every((byte, place) => opened[place] === byte)) throw new KeyProblem(_("This is not a test value."));
  return sodium.to_hex(opened.slice(tag.length));
}

// Runs a step with the button at rest, and shows what was wrong with it.
export async function attempt(host, button, step) {
  const problem = host.querySelector("[data-part=problem]");
  problem.hidden = true;
  button.disabled = true;
  button.setAttribute("aria-busy", "true");
  await new Promise((done) => { setTimeout(done, 30); }); // lets the button show it before the key is stretched
  try {
    await step();
  } catch (error) {
    problem.textContent = error instanceof KeyProblem ? error.message : _("That did not work in this browser. Please use the command line.");
    problem.hidden = false;
    if (!(error instanceof KeyProblem)) console.error(error);
  } finally {
    button.disabled = false;
    button.removeAttribute("aria-busy");
  }
}
