/** How deals are named and described, in plain words, wherever they are shown. */
import { acceptBy, businessTimeLeft, timeLeft, timeUntil } from '../pipeline/calendar.ts';
import { countryName } from '../pipeline/countries.ts';
import type { Contact, Deal, Moment, Money } from '../pipeline/deal.ts';
import { leadOrigin, leadStatus } from '../pipeline/lead.ts';
import { opportunityOrigin, reviewInWords } from '../pipeline/opportunity.ts';
import { INVITATION_IN_WORDS, type Invitation, isFromAws, referralOrigin } from '../pipeline/referral.ts';
import { clean, cut, oneLine } from '../pipeline/text.ts';

/** "Acme GmbH – Data lake on AWS": one line, at most 140 code points. A title that begins with the company loses it. */
export function nameOf(deal: Pick<Deal, 'company' | 'title'>): string {
  const company = companyOf(deal);
  const title = cut(titleAlone(oneLine(deal.title), oneLine(deal.company)), 77);
  return title === '' ? company : `${company} – ${title}`;
}

/** "Acme: Data lake" → "Data lake"; "Acmeville" is another name and stays. */
function titleAlone(title: string, company: string): string {
  if (company === '' || title.slice(0, company.length).toLowerCase() !== company.toLowerCase()) return title;
  const rest = title.slice(company.length);
  return rest === '' ? '' : (/^\s*(?::|\s[-–—]+(?=\s))\s*(.*)$/.exec(rest)?.[1] ?? title);
}

/** The customer on one line, at most 60 code points. */
export const companyOf = ({ company }: Pick<Deal, 'company'>): string =>
  cut(oneLine(company), 60) || 'Customer without a name';

/** "AWS referral · pending acceptance", "Partner referral · Qualified · approved". */
export function stateInWords(deal: Deal): string {
  if (deal.kind === 'referral')
    return oneLine(`${referralOrigin(deal)} · ${INVITATION_IN_WORDS[deal.status]}`);
  if (deal.kind === 'lead') return oneLine(`${leadOrigin(deal)} · ${leadStatus(deal)}`);
  const secret = deal.nationalSecurity ? ' · national security' : '';
  return `${opportunityOrigin(deal)} · ${deal.stage} · ${reviewInWords(deal)}${secret}`;
}

/** What is left of an invitation in a few words: the clock that ends first speaks, and says when it is over. */
export function invitationTimeLeft(invitation: Invitation, now: Date): string {
  const { expiresAt } = invitation;
  const expiry = timeLeft(expiresAt, now);
  if (!isFromAws(invitation)) return expiry;
  const asked = acceptBy(invitation.invitedAt);
  if (Date.parse(asked) >= Date.parse(expiresAt)) return expiry;
  if (Date.parse(asked) > now.getTime()) return businessTimeLeft(asked, now);
  return isOver(expiresAt, now)
    ? 'AWS’s 5 business days are over, so is the invitation'
    : `AWS’s 5 business days are over; expires in ${timeUntil(expiresAt, now)}`;
}

/** The same with the name of the clock: "2 business days left of AWS’s 5", "5 h left of the invitation". */
export function invitationClock(invitation: Invitation, now: Date): string {
  const asked = acceptBy(invitation.invitedAt);
  const isAwss = isFromAws(invitation) && Date.parse(asked) < Date.parse(invitation.expiresAt);
  const words = invitationTimeLeft(invitation, now);
  if (isAwss) return isOver(asked, now) ? words : `${words} of AWS’s 5 business days`;
  return isOver(invitation.expiresAt, now) ? `the invitation is ${words}` : `${words} of the invitation`;
}

/** Whether that moment is past. */
export const isOver = (at: Moment, now: Date): boolean => Date.parse(at) <= now.getTime();

/** "USD 12,500 / month to AWS". Amounts of different currencies are never added up. */
export const moneyInWords = (money: Money): string => `${amountInWords(money)} / month to AWS`;

/** "USD 12,500". */
export function amountInWords({ amount, currency }: Money): string {
  const value = Number(amount);
  const words = Number.isFinite(value)
    ? (Number.isInteger(value) ? WHOLE : CENTS).format(value)
    : oneLine(amount);
  return `${oneLine(currency)} ${words}`;
}

/** "Germany · Life Sciences"; empty when neither is known. */
export const customerInWords = ({ country, industry }: Pick<Deal, 'country' | 'industry'>): string =>
  [oneLine(countryName(country ?? '')), oneLine(industry ?? '')].filter(Boolean).join(' · ');

/** "Ana Silva, CTO, ana@acme.example, +49…": everything known. Personal data: for private notes only. */
export const contactInWords = ({ name, title, email, phone }: Contact): string =>
  [name, title, email, phone]
    .map((it) => oneLine(it ?? ''))
    .filter(Boolean)
    .join(', ');

/** “demo with the CFO…” on one line, at most so many code points inside the quotes. */
export const quoted = (text: string, max = 255): string => `“${cut(oneLine(text), max)}”`;

/** A longer text, line breaks kept, at most so many code points. */
export const longText = (text: string, max: number): string => cut(clean(text).trim(), max);

// Making a formatter costs far more than using it.
const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const CENTS = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
