// Exact amounts: decimal text to whole units of 10^-scale and back. Nothing about money is a float.
export function units(text, scale) {
  const [whole, part = ""] = String(text).replace("-", "").split(".");
  if (part.length > scale && /[1-9]/.test(part.slice(scale))) return null; // finer than a coin
  const value = BigInt(whole + part.slice(0, scale).padEnd(scale, "0"));
  return String(text).startsWith("-") ? -value : value;
}

export function plain(value, scale) {
  const sign = value < 0n ? "-" : "";
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, "0");
  const part = scale ? digits.slice(-scale).replace(/0+$/, "") : "";
  return sign + digits.slice(0, digits.length - scale) + (part ? `.${part}` : "");
}

// A share of one in steps of a ten-thousandth, for showing only.
export const share = (part, whole) => (whole === 0n ? 0 : Number((part * 1000000n) / whole) / 1000000);
