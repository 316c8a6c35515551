/** An opportunity as AWS shows it: our record, and AWS's side of it. */
import type { OpportunityLine } from '../data/opportunities.ts';
import type { Doc } from '../json.ts';
import {
  account,
  awsContacts,
  customerContacts,
  dayAway,
  daysAway,
  spending,
  type Topic,
  themeOf,
} from '../records.ts';
import { asMember, OWNER, SALES_CONTACT, type TeamMember } from '../team.ts';
import { arnOf, type OpportunityRow } from '../world.ts';

/** Members of tomorrow: whoever drops them, or rounds the number (2^53 + 1), has lost what AWS added. */
const FUTURE: Doc = {
  Score: { $number: '9007199254740993' },
  Nested: { Reviewed: true, Parts: ['first', { Weight: 0.25 }] },
};

/** An opportunity of ours, as it stands today. */
export function opportunity(
  topic: Topic,
  line: OpportunityLine,
  team: readonly TeamMember[],
): OpportunityRow {
  const { now, number, catalog } = topic;
  const isFromAws = line.marks.includes('aws');
  const isSecret = line.marks.includes('security');
  const isFuture = line.marks.includes('future');
  const id = `O${number}`;
  const solution = solutionOf(topic, line);
  const { record, aws } = shared(topic, solution);
  const modifiedAgo = line.touchedAgo ?? Math.min(line.stepAgo ?? line.createdAgo, line.createdAgo);
  return {
    record: {
      ...record,
      OpportunityTeam: teamOf(line, team),
      Id: id,
      Arn: arnOf(catalog, 'opportunity', id),
      CreatedDate: daysAway(now, -line.createdAgo).toISOString(),
      LastModifiedDate: daysAway(now, -modifiedAgo).toISOString(),
      NationalSecurity: isSecret ? 'Yes' : 'No',
      LifeCycle: lifeCycle(topic, line),
      Project: {
        ...project(topic, solution),
        ...(isFuture ? { AwsFutureField: 'Whoever updates this sends it back.' } : {}),
      },
      ...(line.marks.includes('redacted') ? { Customer: redacted(topic) } : {}),
      ...(isFuture ? { FutureThing: FUTURE } : {}),
    },
    aws: {
      ...(line.review === 'Pending Submission' ? { Catalog: catalog } : { ...aws, ...awsStage(line, topic) }),
      RelatedOpportunityId: id,
      Origin: isFromAws ? 'AWS Referral' : 'Partner Referral',
    },
    ...(line.marks.includes('encoded') ? { encoded: true } : {}),
  };
}

/** An accepted referral has no review status: that is for partner referrals only. */
export function referred(topic: Topic, owner: TeamMember, TargetCloseDate: string): OpportunityRow {
  const { record, aws } = shared(topic, byTurns(topic));
  const OpportunityTeam = [inPlace(OWNER, owner)];
  const NextSteps = 'Introduce yourself to the customer within two days';
  return {
    record: { ...record, OpportunityTeam, LifeCycle: { Stage: 'Prospect', TargetCloseDate, NextSteps } },
    aws: { ...aws, Origin: 'AWS Referral' },
  };
}

const FIRST_SOLUTION = 'S-0001234';

/** Every third has a solution. */
const byTurns = ({ number }: Topic): string | undefined => (number % 3 === 0 ? FIRST_SOLUTION : undefined);

function solutionOf(topic: Topic, { solution, stage }: OpportunityLine): string | undefined {
  if (solution !== undefined) return solution === 'other' ? undefined : solution;
  return stage === 'Committed' || stage === 'Launched' ? FIRST_SOLUTION : byTurns(topic);
}

/** Somebody AWS calls who is no user of Partner Central (ACE data model: such contacts need no account there). */
const REP: Doc = { Email: 'noor.bakker@partner.example', FirstName: 'Noor', LastName: 'Bakker' };

function teamOf({ owner, contact }: OpportunityLine, team: readonly TeamMember[]): Doc[] {
  const [first] = team;
  if (!first) throw new Error('A practice team has at least its alliance lead.');
  const owned = inPlace(OWNER, team[owner] ?? first);
  if (contact === undefined) return [owned];
  const sales = team[Number(contact)];
  return [owned, sales ? inPlace(SALES_CONTACT, sales) : { BusinessTitle: SALES_CONTACT, ...REP }];
}

const inPlace = (title: string, person: TeamMember): Doc => ({ BusinessTitle: title, ...asMember(person) });

/** AWS withholds name, website, state and postal code (opportunity fields, doesOppBelongToNatSec); the word is a GUESS. */
const redacted = ({ company, industry }: Topic): Doc => ({
  Account: { CompanyName: company, Industry: industry, Address: { CountryCode: 'US' } },
});

/** What every opportunity has, whoever brought it. */
function shared(topic: Topic, solution: string | undefined): { record: Doc; aws: Doc } {
  const { catalog, number } = topic;
  const record = {
    Catalog: catalog,
    OpportunityType: 'Net New Business',
    NationalSecurity: 'No',
    PrimaryNeedsFromAws: ['Co-Sell - Technical Consultation'],
    Customer: { Account: account(topic), Contacts: customerContacts(topic) },
    Project: project(topic, solution),
    Marketing: { Source: 'None' },
    RelatedEntityIdentifiers: solution ? { Solutions: [solution] } : {},
  };
  const aws = {
    Catalog: catalog,
    InvolvementType: 'Co-Sell',
    Visibility: 'Full',
    LifeCycle: { NextSteps: 'AWS account team joins the next call' },
    OpportunityTeam: awsContacts(number),
    Insights: {
      EngagementScore: number % 2 === 0 ? 'High' : 'Medium',
      NextBestActions: 'Confirm the budget',
    },
  };
  return { record, aws };
}

function project(topic: Topic, solution: string | undefined): Doc {
  const theme = themeOf(topic.theme);
  return {
    Title: theme.title,
    CustomerBusinessProblem: theme.problem,
    CustomerUseCase: theme.useCase,
    DeliveryModels: [theme.delivery],
    SalesActivities: ['Initialized discussions with customer'],
    ExpectedCustomerSpend: spending(topic),
    CompetitorName: 'On-Prem',
    ...(solution ? {} : { OtherSolutionDescription: 'Practice of the partner' }),
  };
}

function lifeCycle({ now, theme }: Topic, line: OpportunityLine): Doc {
  const history = steps(now, line).map((Time, turn) => ({ Value: themeOf(theme).steps[turn] ?? '', Time }));
  const NextSteps = history.at(-1)?.Value;
  return {
    Stage: line.stage,
    TargetCloseDate: dayAway(now, line.closesIn),
    ...(line.review === '-' ? {} : { ReviewStatus: line.review }),
    ...(NextSteps ? { NextSteps, NextStepsHistory: history } : {}),
    ...(line.stage === 'Closed Lost' ? { ClosedLostReason: line.note } : {}),
    ...(line.note !== '' && line.stage !== 'Closed Lost'
      ? { ReviewComments: line.note, ReviewStatusReason: 'Other' }
      : {}),
  };
}

/** When the next steps were written, oldest first: nine days between them, none before the record existed. */
function steps(now: Date, { stepAgo, createdAgo }: OpportunityLine): string[] {
  if (stepAgo === undefined) return [];
  const ages = [stepAgo + 18, stepAgo + 9, stepAgo].filter((age) => age <= createdAgo);
  return ages.map((age) => daysAway(now, -age).toISOString());
}

/** AWS gives its own stage and close date once it is launched or lost (ACE data model, AWS's stage). */
function awsStage(line: OpportunityLine, { now }: Topic): Doc {
  const Stage = line.awsStage ?? line.stage;
  if (Stage !== 'Launched' && Stage !== 'Closed Lost') return {};
  return { LifeCycle: { Stage, TargetCloseDate: dayAway(now, line.closesIn) } };
}
