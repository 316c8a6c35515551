/**
 * How much may be asked of AWS. Partner Central counts per partner account, over a rolling day (quotas page: 1 write a
 * second, 10,000 a day); the rest is ours: one busy hand must not use up everybody's day, and what expires comes first.
 */
import type { Wish } from './change.ts';

export const PERSON_HOUR = 60;
export const PERSON_DAY = 500;
export const ACCOUNT_DAY = 10_000;
/** From here on only acceptances and rejections go out, and whoever runs ace-desk is told. */
export const RESERVED_FROM = 0.8 * ACCOUNT_DAY;

/** What was asked so far: by this person in the last hour (one by one) and day, of AWS by the whole account in the last day. */
export interface Used {
  personHour: number;
  personDay: number;
  accountDay: number;
}

/** Whether `wanted` more may be asked; else why not, for the person, and when to come back. */
export function overQuota(used: Used, wanted: readonly Wish[]): string | undefined {
  const many = wanted.length;
  if (used.personHour + many > PERSON_HOUR)
    return `You have asked ${used.personHour} things of AWS within an hour, and ${PERSON_HOUR} is the most here. Go on in a while; nothing was sent.`;
  if (used.personDay + many > PERSON_DAY)
    return `You have asked ${used.personDay} things of AWS within a day, and ${PERSON_DAY} is the most here. Go on tomorrow; nothing was sent.`;
  const most = accountDay(wanted);
  if (used.accountDay + many > most)
    return most === ACCOUNT_DAY
      ? 'Your company has used up what AWS takes in a day. It opens again by and by within 24 hours; nothing was sent.'
      : 'Your company has used most of what AWS takes in a day; the rest is kept for accepting and rejecting. Try again in some hours; nothing was sent.';
  return undefined;
}

/** How far the account's day may be used up for these: what expires comes first. */
export const accountDay = (wanted: readonly Wish[]): number =>
  wanted.some(({ kind }) => kind === 'accept' || kind === 'reject') ? ACCOUNT_DAY : RESERVED_FROM;
