/**
 * A deal is an AWS referral, a lead or an opportunity. Plain data as a person reads it: entities decoded, every
 * text still untrusted. AWS's own record is kept raw beside it in the mirror and is what an update starts from.
 */

/** A local date without a time, `YYYY-MM-DD`. */
export type Day = string;

/** A moment, as ISO-8601 in UTC. */
export type Moment = string;

export interface Contact {
  name: string;
  email?: string;
  phone?: string;
  title?: string;
}

export interface Money {
  /** Decimal text as AWS sends it, such as "12500.00". Monthly recurring revenue to AWS. */
  amount: string;
  currency: string;
}

interface Common {
  id: string;
  company: string;
  title: string;
  industry?: string;
  /** ISO-3166 alpha-2. */
  country?: string;
  website?: string;
  businessProblem?: string;
  spend?: Money;
  /** Local, while it is pending: the people it was offered to, by their ids. */
  offeredTo?: string[];
}

/** AWS: 'aws'. Another partner: a 12-digit account; those have no AWS deadline and their own label. */
interface Invited {
  status: InvitationStatus;
  invitedAt: Moment;
  /** When AWS removes it (the invitation's ExpirationDate). */
  expiresAt: Moment;
  sender: { account: string; company: string };
  message?: string;
  /** The opportunity (O…) or engagement (eng-…) it became once accepted. */
  successor?: string;
  engagementId?: string;
}

/** Partner Central: InvitationStatus. */
export type InvitationStatus = 'PENDING' | 'ACCEPTED' | 'REJECTED' | 'EXPIRED';

/** An opportunity invitation received (`engi-…`). Before acceptance only what the invitation carries is known. */
export interface Referral extends Common, Invited {
  kind: 'referral';
  targetDate?: Day;
  /** AWS's people on it; at most three. */
  awsContacts: Contact[];
  /** What AWS asks of us, such as "Co-sell facilitator". */
  responsibilities: string[];
}

/** A lead invitation (`engi-…`) or, once accepted, the engagement with its Lead context (`eng-…`). */
export interface Lead extends Common {
  kind: 'lead';
  /** Present while, and after, it was an invitation. */
  invitation?: Invited;
  /** Sales guide, Lead status, once accepted: Open, Research, Qualified, Disqualified, or AWS's own word. */
  qualification?: string;
  /** Local: the API knows no owner of a lead. */
  owner?: Contact;
  campaign?: string;
  source?: string;
  useCase?: string;
  contactTitle?: string;
  contacts: Contact[];
  contextId?: string;
  createdAt?: Moment;
}

export interface NextStep {
  text: string;
  at: Moment;
}

/** An opportunity (`O…`). */
export interface Opportunity extends Common {
  kind: 'opportunity';
  stage: Stage;
  /** Absent on an accepted AWS referral: then it counts as Approved (Partner Central API, ReviewStatus). */
  reviewStatus?: ReviewStatus;
  /** AWS's remark on what it wants changed. */
  reviewComments?: string;
  origin: 'AWS Referral' | 'Partner Referral';
  owner?: Contact;
  /** The AWS Partner sales contact: whom AWS calls (sales guide, Contact roles). Not the owner. */
  salesContact?: Contact;
  /** Local: the e-mail of who submitted it through us. */
  submittedBy?: string;
  closeDate?: Day;
  closedLostReason?: string;
  nextStep?: string;
  /** Newest first; Partner Central keeps the last 50, without authors. */
  nextSteps: NextStep[];
  useCase?: string;
  nationalSecurity: boolean;
  /** Ids of the partner solutions on it (`S-…`). None, or only `otherSolution`: "Other". */
  solutions: string[];
  otherSolution?: string;
  /** 12 digits. */
  awsAccountId?: string;
  street?: string;
  city?: string;
  state?: string;
  postalCode?: string;
  /** PartnerOpportunityIdentifier: the partner's own id of it. */
  partnerId?: string;
  /** https://calculator.aws/#/estimate?id=… */
  estimationUrl?: string;
  /** What it was submitted for, where AWS says so; asked again on a further submission. */
  involvement?: 'Co-Sell' | 'For Visibility Only';
  visibility?: 'Full' | 'Limited';
  /** Customer contacts: personal data, shown privately to who may see them. */
  contacts: Contact[];
  /** AWS's side of it. */
  aws?: {
    stage?: string;
    closeDate?: Day;
    closedLostReason?: string;
    nextStep?: string;
    contacts: Contact[];
  };
  createdAt: Moment;
}

export type Deal = Referral | Lead | Opportunity;

/** Whether a text has the shape of one of Partner Central's ids, in any case; not whether there is such a deal. */
export const isDealId = (text: string): boolean =>
  /^(?:O\d{1,19}|engi-[0-9a-z]{13}|eng-[0-9a-z]{14})$/i.test(text);

export const STAGES = [
  'Prospect',
  'Qualified',
  'Technical Validation',
  'Business Validation',
  'Committed',
  'Launched',
  'Closed Lost',
] as const;
/** Sales guide, AWS sales stages. */
export type Stage = (typeof STAGES)[number];

export const REVIEW_STATUSES = [
  'Pending Submission',
  'Submitted',
  'In review',
  'Approved',
  'Rejected',
  'Action Required',
] as const;
export type ReviewStatus = (typeof REVIEW_STATUSES)[number];
