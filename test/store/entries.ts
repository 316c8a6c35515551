/** Records as the reading hands them to the mirror. */
import { randomUUID } from 'node:crypto';
import type { Lead, Opportunity, Referral } from '../../src/pipeline/deal.ts';
import type { Entry } from '../../src/store/deals.ts';

export const HOUR = 3_600_000;

let serial = 0;

/** A record of AWS of `modified`, as a person reads it. */
export function opportunity(more: Partial<Opportunity>, modified = '2026-03-01T10:00:00.000Z') {
  serial += 1;
  const deal: Opportunity = {
    kind: 'opportunity',
    id: `O${9_000_000 + serial}`,
    company: 'Acme',
    title: 'Project',
    stage: 'Qualified',
    reviewStatus: 'Approved',
    origin: 'Partner Referral',
    nextSteps: [],
    nationalSecurity: false,
    solutions: [],
    contacts: [],
    createdAt: '2026-01-01T00:00:00.000Z',
    ...more,
  };
  return { deal, raw: { ...more }, modified };
}

export const again = (
  entry: { deal: Opportunity },
  more: Partial<Opportunity>,
  modified = '2026-03-01T10:00:01.000Z',
): Entry => ({ deal: { ...entry.deal, ...more }, raw: { ...more }, modified });

export function referral(status: Referral['status'], id = `engi-${randomUUID().slice(0, 8)}`) {
  const deal: Referral = {
    kind: 'referral',
    id,
    company: 'Acme',
    title: 'Project',
    status,
    invitedAt: '2026-01-01T00:00:00.000Z',
    expiresAt: later(HOUR).toISOString(),
    sender: { account: 'aws', company: 'AWS' },
    awsContacts: [],
    responsibilities: [],
  };
  return { deal, raw: { status } };
}

/** An accepted lead, created on 1 Feb 2026. */
export function lead(more: Partial<Lead>, id = `eng-${randomUUID().slice(0, 8)}`) {
  const deal: Lead = {
    kind: 'lead',
    id,
    company: 'Acme',
    title: 'Project',
    contacts: [],
    createdAt: '2026-02-01T00:00:00.000Z',
    ...more,
  };
  return { deal, raw: { ...more }, modified: '2026-03-01T10:00:00.000Z' };
}

export const later = (ms: number) => new Date(Date.now() + ms);
