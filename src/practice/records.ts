/** Builds the records of one practised deal in Partner Central's own shapes. Everything is relative to `now`. */
import { AWS_PEOPLE, CITIES, CUSTOMER_PEOPLE, THEMES, type Theme } from './data/themes.ts';
import type { Doc } from './json.ts';
import { arnOf, idOf, microseconds } from './world.ts';

/** The customer and what it is about; `number` chooses people by turns and makes ids. */
export interface Topic {
  catalog: string;
  now: Date;
  number: number;
  company: string;
  theme: string;
  industry: string;
  country: string;
  /** Such as "12500.00 EUR" a month. */
  spend: string;
}

/** Our own account: receiver of what AWS and partners send, sender of what our submissions cause. */
export const OUR_ACCOUNT = '111122223333';

const DAY = 86_400_000;

/** The moment so many days away; fractions are hours. */
export const daysAway = (now: Date, days: number): Date => new Date(now.getTime() + days * DAY);

export const dayAway = (now: Date, days: number): string => daysAway(now, days).toISOString().slice(0, 10);

export function themeOf(name: string): Theme {
  const theme = THEMES[name];
  if (!theme) throw new Error(`No theme ${name}`);
  return theme;
}

/** Company, website and where it sits. Postal code and city come only with the accepted record. */
export function account({ company, industry, country, number }: Topic): Doc {
  return {
    CompanyName: company,
    Industry: industry,
    WebsiteUrl: website(company, number),
    AwsAccountId: String(200_000_000_000 + number * 7919),
    Address: { CountryCode: country, ...CITIES[country] },
  };
}

/** Two people at the customer's, by turns. */
export const customerContacts = ({ company, number }: Topic): Doc[] =>
  [number, number + 3].map((turn) => {
    const [first, last, title] = CUSTOMER_PEOPLE[turn % CUSTOMER_PEOPLE.length] ?? CUSTOMER_PEOPLE[0];
    return {
      FirstName: first,
      LastName: last,
      BusinessTitle: title,
      Email: `${slug(first)}.${slug(last)}@${domain(company, number)}`,
      Phone: `+15550${String(100_000 + ((turn * 37) % 900_000))}`,
    };
  });

/** Two of AWS's people, by turns. */
export const awsContacts = (number: number): Doc[] =>
  [number, number + 1].map((turn) => {
    const [first, last, title] = AWS_PEOPLE[turn % AWS_PEOPLE.length] ?? AWS_PEOPLE[0];
    return { FirstName: first, LastName: last, BusinessTitle: title, Email: awsEmail(first, last) };
  });

const awsEmail = (first: string, last: string): string => `${slug(first)}.${slug(last)}@aws.example`;

/** The one line of expected revenue a month. */
export function spending({ spend }: Topic): Doc[] {
  const [Amount = '', CurrencyCode = ''] = spend.split(' ');
  return [{ Amount, CurrencyCode, Frequency: 'Monthly', TargetCompany: 'AWS' }];
}

export interface Invited {
  payload: Doc;
  payloadType: 'OpportunityInvitation' | 'LeadInvitation';
  invitedAt: Date;
  expiresAt: Date;
  status: string;
  /** `aws`, or another partner's 12 digits. */
  sender: string;
  message: string;
}

/** What an engagement and the invitation to it are called; `number` makes their ids. */
export interface Headed {
  catalog: string;
  number: number;
  /** At most 40 code points (service model, EngagementTitle). */
  title: string;
}

/** The heading of a seeded deal. */
export const headed = (topic: Topic): Headed => ({
  catalog: topic.catalog,
  number: topic.number,
  title: titleOf(topic.company, themeOf(topic.theme).title),
});

/** An invitation as GetEngagementInvitation answers it. */
export function invitation({ catalog, number, title }: Headed, invited: Invited): Doc {
  const Id = idOf('engi-', number);
  return {
    Arn: arnOf(catalog, 'engagement-invitation', Id),
    PayloadType: invited.payloadType,
    Id,
    EngagementId: idOf('eng-', number),
    EngagementTitle: title,
    Status: invited.status,
    InvitationDate: microseconds(invited.invitedAt, number, '+00:00'),
    ExpirationDate: microseconds(invited.expiresAt, number, '+00:00'),
    SenderAwsAccountId: invited.sender,
    SenderCompanyName: companyOf(invited.sender),
    Receiver: { Account: { AwsAccountId: invited.sender === OUR_ACCOUNT ? 'aws' : OUR_ACCOUNT } },
    Catalog: catalog,
    Payload: { [invited.payloadType]: invited.payload },
    InvitationMessage: invited.message,
    ExistingMembers: [{ CompanyName: companyOf(invited.sender) }],
  };
}

function companyOf(account: string): string {
  if (account === 'aws') return 'AWS';
  return account === OUR_ACCOUNT ? 'Partner Example' : 'Beacon Point Consulting';
}

export interface Engaged {
  description: string;
  createdAt: Date;
  /** `aws`, or our own account. */
  by: string;
  type: 'CustomerProject' | 'Lead';
  payload: Doc;
}

/** An engagement as GetEngagement answers it, with its one context. */
export function engagement({ catalog, number, title }: Headed, made: Engaged): Doc {
  const Id = idOf('eng-', number);
  const moment = microseconds(made.createdAt, number);
  return {
    Id,
    Arn: arnOf(catalog, 'engagement', Id),
    Title: title,
    Description: made.description,
    CreatedAt: moment,
    CreatedBy: made.by,
    MemberCount: 2,
    ModifiedAt: moment,
    ModifiedBy: made.by,
    Contexts: [{ Id: '1', Type: made.type, Payload: { [made.type]: made.payload } }],
  };
}

/** At most 40 code points (service model, EngagementTitle), ending with a whole word. */
export function titleOf(company: string, project: string): string {
  const whole = [...`${company}: ${project}`];
  const kept = whole.slice(0, 40).join('');
  if (whole.length <= 40) return kept;
  return kept.replace(whole[40] === ' ' ? '' : /\s\S*$/, '').replace(/[\s:,&]+$/, '');
}

export const website = (company: string, number: number): string => `https://www.${domain(company, number)}`;

/** A name in other letters than Latin gets a number; no dash at the end, as AWS takes no address of such a host. */
const domain = (company: string, number: number): string =>
  `${slug(company).slice(0, 30).replace(/-$/, '') || `customer-${number}`}.example`;

const slug = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
    .replaceAll(' ', '-');
