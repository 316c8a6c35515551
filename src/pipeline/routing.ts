/** Where new referrals and leads go: rules of the alliance lead and team, the first that fits. PSF leads go nowhere. */
import { countryOf } from './countries.ts';
import type { Lead, Referral } from './deal.ts';
import { isPsf } from './lead.ts';
import { INDUSTRIES, SPEND_CURRENCIES } from './picklists.ts';
import { clean, cut, length, oneLine } from './text.ts';
import { nearestName } from './view-names.ts';

/** All that is given must fit; of several values one must. Nothing given: everything fits. */
export interface Fits {
  /** ISO-3166 alpha-2. */
  countries?: string[];
  /** AWS's words. */
  industries?: string[];
  /**
   * Words, any case. Before the acceptance AWS names no solution of ours: they are looked for in use case, title and
   * business problem.
   */
  solutions?: string[];
  /** Is contained in a lead's campaign or source, any case. */
  campaign?: string;
  /** A month, in that currency; other currencies are never compared. */
  atLeast?: { amount: number; currency: string };
}

/** A rule. People and places are ids. */
export interface Route {
  id: string;
  name: string;
  fits: Fits;
  offerTo: string[];
  /** The channel in which its card is posted. */
  room?: { platform: string; tenant: string; room: string };
  byId: string;
}

export const MAX_ROUTES = 50;
export const MAX_ROUTE_NAME = 60;
const MAX_WORDS = 20;
const MAX_WORD = 80;

/** The first rule that fits; of a Partner Solutions Finder lead none does: it is the alliance lead's alone. */
export const routeFor = (routes: readonly Route[], deal: Referral | Lead): Route | undefined =>
  deal.kind === 'lead' && isPsf(deal) ? undefined : routes.find((route) => fits(route.fits, deal));

/** The rule above that one which leaves nothing for it; one that rests takes nothing. */
export const takesAllBefore = <R extends Route & { rests: boolean }>(
  routes: readonly R[],
  { id }: Pick<Route, 'id'>,
): R | undefined =>
  routes
    .slice(
      0,
      routes.findIndex((it) => it.id === id),
    )
    .find((it) => !it.rests && takesAll(it.fits));

/** Whether it asks for nothing. */
export const takesAll = (fits: Fits): boolean => Object.values(fits).every((wanted) => wanted === undefined);

/** Whether all that a rule asks for is so. Pure; text is compared in any case, as one line. */
export function fits(rule: Fits, deal: Referral | Lead): boolean {
  const { countries, industries, solutions, campaign, atLeast } = rule;
  const useCase = deal.kind === 'lead' ? deal.useCase : undefined;
  const wanted = fold([useCase, deal.title, deal.businessProblem].join(' '));
  const from = deal.kind === 'lead' ? fold([deal.campaign, deal.source].join(' ')) : '';
  return (
    (!countries || countries.some((code) => fold(code) === fold(deal.country ?? ''))) &&
    (!industries || industries.some((industry) => fold(industry) === fold(deal.industry ?? ''))) &&
    (!solutions || solutions.some((words) => wanted.includes(fold(words)))) &&
    (!campaign || from.includes(fold(campaign))) &&
    (!atLeast || reaches(deal.spend, atLeast))
  );
}

const reaches = (spend: Referral['spend'], { amount, currency }: NonNullable<Fits['atLeast']>): boolean =>
  spend !== undefined && spend.currency === currency && Number(spend.amount) >= amount;

const fold = (text: string): string => oneLine(text).toLowerCase();

/** What a form or a line says, as text. */
export const FITS_FIELDS = ['countries', 'industries', 'solutions', 'campaign', 'atLeast'] as const;
export type FitsField = (typeof FITS_FIELDS)[number];
export type FitsAnswers = Partial<Record<FitsField, string | undefined>>;

/** As it was said → what it means, or what is wrong by field. */
export function readFits(said: FitsAnswers): { fits: Fits } | { errors: Partial<Record<FitsField, string>> } {
  const countries = readEach(
    said.countries,
    countryOf,
    () => 'a country. Say two letters, such as DE, or its English name.',
  );
  const industries = readEach(said.industries, industryOf, noIndustry);
  const solutions = readEach(said.solutions, (it) => it);
  const campaign = oneLine(said.campaign ?? '');
  const atLeast = readValue(said.atLeast);
  const errors = {
    ...(typeof countries === 'string' ? { countries } : {}),
    ...(typeof industries === 'string' ? { industries } : {}),
    ...(typeof solutions === 'string' ? { solutions } : {}),
    ...(length(campaign) > MAX_WORD ? { campaign: `${MAX_WORD} characters at most.` } : {}),
    ...(typeof atLeast === 'string' ? { atLeast } : {}),
  };
  if (Object.keys(errors).length > 0) return { errors };
  return {
    fits: {
      ...(Array.isArray(countries) && countries.length > 0 ? { countries } : {}),
      ...(Array.isArray(industries) && industries.length > 0 ? { industries } : {}),
      ...(Array.isArray(solutions) && solutions.length > 0 ? { solutions } : {}),
      ...(campaign ? { campaign } : {}),
      ...(typeof atLeast === 'object' ? { atLeast } : {}),
    },
  };
}

/** Separated by commas or lines, each once; what is wrong, as a sentence. */
function readEach(
  said: string | undefined,
  read: (one: string) => string | undefined,
  what: (one: string) => string = () => '',
): string[] | string {
  const found = new Set<string>();
  for (const one of clean(said ?? '')
    .split(/[,;\n]/)
    .map(oneLine)
    .filter(Boolean)) {
    if (length(one) > MAX_WORD) return `${MAX_WORD} characters at most for each.`;
    const known = read(one);
    if (known === undefined) return `I do not know “${cut(one, 40)}” as ${what(one)}`;
    found.add(known);
  }
  return found.size > MAX_WORDS ? `${MAX_WORDS} at most.` : [...found];
}

const industryOf = (said: string): string | undefined => INDUSTRIES.find((it) => fold(it) === fold(said));

function noIndustry(said: string): string {
  const near = nearestName(said, INDUSTRIES);
  const help = near ? `Did you mean “${near}”?` : '“route add” alone asks, with all of them to choose from.';
  return `an industry of AWS’s list. ${help}`;
}

/** "10000", "10,000 EUR", "usd 5000"; dollars where no currency is named. Undefined where nothing is said. */
function readValue(said = ''): Fits['atLeast'] | string {
  const text = oneLine(said).toUpperCase();
  if (text === '') return undefined;
  const [, before, digits = '', after] = /^([A-Z]{3})?\s*([\d,.']+)\s*([A-Z]{3})?$/.exec(text) ?? [];
  const amount = /^\d{1,3}(?:[,']\d{3})+(?:\.\d{1,2})?$|^\d{1,12}(?:\.\d{1,2})?$/.test(digits)
    ? Number(digits.replace(/[,']/g, ''))
    : Number.NaN;
  const currency = before ?? after ?? 'USD';
  if (Number.isNaN(amount) || (before && after)) return 'Say an amount a month, such as 10000 USD.';
  return SPEND_CURRENCIES.some((it) => it === currency)
    ? { amount, currency }
    : `AWS gives amounts in ${SPEND_CURRENCIES.join(' or ')}.`;
}
