// Why a bid was not taken, in words. The codes are the engine's; facts fill the sentence.
import { _ } from "./i18n.js";

const WORDS = {
  late: () => _("Too late: the lot had closed when your bid arrived."),
  not_open: () => _("This lot takes no bids at the moment."),
  paused: () => _("The auction is paused. Your last confirmed bid stands."),
  cancelled: () => _("The auction was cancelled."),
  not_a_number: () => _("This is not an amount."),
  not_on_tick: (p) => _("The amount has more digits than the currency. Nearest valid: {p}", { p }),
  outside_limits: () => _("The amount is outside the limits of this auction."),
  above_ceiling: (p) => _("The amount is above the ceiling of {p}", { p }),
  not_an_improvement: (p) => _("Not lower than your own bid. Highest valid: {p}", { p }),
  decrement: (p) => _("The step is too small. Highest valid: {p}", { p }),
  lead_buffer: (p) => _("The step is too small. Highest valid: {p}", { p }),
  tie: (p) => _("This amount is taken. Highest valid: {p}", { p }),
  taken: () => _("Somebody else was first."),
  moved: () => _("The price had moved on when your answer arrived."),
  dropped: () => _("You have left this lot."),
  blocked: () => _("You may not bid in this auction. Please contact the buyer."),
  accept_terms: () => _("The rules changed. Please read and accept them before you bid."),
  rules_changed: () => _("The rules changed. Please read and accept them before you bid."),
  not_your_turn: () => _("It is not your turn yet."),
  key_reused: () => _("This bid was already answered."),
  too_fast: () => _("Too many attempts. Wait a moment."),
  forbidden: () => _("You may look, but not bid for your company."),
};

// Where the highest bid wins, "better" is the other way round.
const SELLING = {
  above_ceiling: (p) => _("The amount is below the lowest price taken, {p}", { p }),
  not_an_improvement: (p) => _("Not higher than your own bid. Lowest valid: {p}", { p }),
  decrement: (p) => _("The step is too small. Lowest valid: {p}", { p }),
  lead_buffer: (p) => _("The step is too small. Lowest valid: {p}", { p }),
  tie: (p) => _("This amount is taken. Lowest valid: {p}", { p }),
};

export function refusalText(answer, amount, up = false) {
  const words = (up && SELLING[answer.code]) || WORDS[answer.code];
  if (answer.text) return answer.text;
  return words ? words(amount ?? "") : _("The bid was not taken. Your last confirmed bid stands.");
}
