/** AWS Partner Central, as much of it as ace-desk asks. Always the real SDK; in practice mode its handler stays in process. */
import {
  AcceptEngagementInvitationCommand,
  AssignOpportunityCommand,
  type EngagementInvitationPayloadType,
  GetAwsOpportunitySummaryCommand,
  GetEngagementCommand,
  GetEngagementInvitationCommand,
  GetOpportunityCommand,
  ListEngagementByAcceptingInvitationTasksCommand,
  ListEngagementInvitationsCommand,
  ListEngagementsCommand,
  ListOpportunitiesCommand,
  PartnerCentralSellingClient,
  type PartnerCentralSellingClientConfig,
  RejectEngagementInvitationCommand,
  StartEngagementByAcceptingInvitationTaskCommand,
  UpdateOpportunityCommand,
} from '@aws-sdk/client-partnercentral-selling';
import type { Log } from '../log.ts';
import type { InvitationStatus } from '../pipeline/deal.ts';
import type { Pace } from './pace.ts';
import { at, listAt, valueAt } from './raw.ts';
import { createWire, type RawAnswer } from './wire.ts';

export interface PartnerCentralOptions {
  /** 'AWS' is production. */
  catalog: 'Sandbox' | 'AWS';
  /** Checked by the configuration: loopback or AWS's hosts. */
  endpoint?: string;
  /** The only region that has this service. */
  region: 'us-east-1';
  credentials?: NonNullable<PartnerCentralSellingClientConfig['credentials']>;
  /** Practice mode: answers in process. */
  requestHandler?: NonNullable<PartnerCentralSellingClientConfig['requestHandler']>;
  pace: Pace;
  timeoutMs?: number;
  log: Log;
}

const ENDPOINT = 'https://partnercentral-selling.us-east-1.api.aws';
/** The largest page of every list (service model). */
const MaxResults = 100;

/** What ace-desk asks of AWS. Everything answers AWS's record raw and rejects with the SDK's error. */
type Operations = ReturnType<typeof operations>;

export interface PartnerCentral extends Operations {
  catalog: string;
  /** The same house through the back door: every call of it lets a person's call go first. */
  forSync: Operations;
  /** Turns away what waits for a slot and closes the connections. */
  close(): void;
}

/** Nothing is retried in here: the Change is the retry. A call takes at most `timeoutMs` once its slot has come. */
export function createPartnerCentral(options: PartnerCentralOptions): PartnerCentral {
  const { catalog, pace, timeoutMs = 10_000, log } = options;
  const client = sdk(options);
  const call = createWire({ client, pace, timeoutMs, log });
  return {
    catalog,
    ...operations(catalog, call),
    forSync: operations(catalog, (command, how) => call(command, { priority: 'sync', ...how })),
    close() {
      pace.stop();
      client.destroy();
    },
  };
}

function sdk({ endpoint = ENDPOINT, region, credentials, requestHandler }: PartnerCentralOptions) {
  // The SDK's documented switch: Node 20 is supported by the pinned version, and scripts read our output.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  return new PartnerCentralSellingClient({
    region,
    // Always given, or AWS_ENDPOINT_URL and profiles could send the pipeline to a host nobody checked.
    endpoint,
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    // The Change is the retry; a retry in here would be unpaced and without its read before the send.
    maxAttempts: 1,
    retryMode: 'standard',
    ...(credentials ? { credentials } : {}),
    ...(requestHandler ? { requestHandler } : {}),
  });
}

type Call = ReturnType<typeof createWire>;

const operations = (catalog: string, call: Call) => ({
  /** For operations not named below; each command object is sent once. */
  call,
  ...opportunities(catalog, call),
  ...invitations(catalog, call),
  ...engagements(catalog, call),
});

const opportunities = (Catalog: string, call: Call) => ({
  /**
   * Pages of OpportunitySummaries, oldest change first, so that a reading that stops half-way can go on. `after`: AWS's
   * own time stamp as text; records of that very moment are included (milliseconds: a finer one only widens it).
   */
  listOpportunities: (after?: string) =>
    pages('OpportunitySummaries', (NextToken) =>
      call(
        new ListOpportunitiesCommand({
          Catalog,
          MaxResults,
          NextToken,
          Sort: { SortBy: 'LastModifiedDate', SortOrder: 'ASCENDING' },
          ...(after ? { LastModifiedDate: { AfterLastModifiedDate: new Date(after) } } : {}),
        }),
      ),
    ),
  getOpportunity: (Identifier: string) => call(new GetOpportunityCommand({ Catalog, Identifier })),
  /** AWS's side of an opportunity: its stage, people, next step, and the origin. */
  getAwsOpportunitySummary: (RelatedOpportunityIdentifier: string) =>
    call(new GetAwsOpportunitySummaryCommand({ Catalog, RelatedOpportunityIdentifier })),
  /** Replaces the record by a body from `raw.updateBody`. */
  updateOpportunity: (rawBody: string) =>
    // What stands here is overwritten by rawBody; the type asks for it.
    call(new UpdateOpportunityCommand({ Catalog, Identifier: '', LastModifiedDate: new Date(0) }), {
      rawBody,
    }),
  /** Makes a person the owner. AWS takes e-mails in lower case, of active Partner Central users. */
  assignOpportunity: (
    Identifier: string,
    { email, firstName, lastName }: { email: string; firstName: string; lastName: string },
  ) => {
    const person = { Email: email.toLowerCase(), FirstName: firstName, LastName: lastName };
    const Assignee = { ...person, BusinessTitle: 'OpportunityOwner' };
    return call(new AssignOpportunityCommand({ Catalog, Identifier, Assignee }));
  },
});

const invitations = (Catalog: string, call: Call) => ({
  /** Pages of invitations that we received, newest first. */
  listInvitations: (Status?: InvitationStatus[], PayloadType?: EngagementInvitationPayloadType[]) =>
    pages('EngagementInvitationSummaries', (NextToken) =>
      call(
        new ListEngagementInvitationsCommand({
          Catalog,
          MaxResults,
          NextToken,
          ParticipantType: 'RECEIVER',
          Sort: { SortBy: 'InvitationDate', SortOrder: 'DESCENDING' },
          Status,
          PayloadType,
        }),
      ),
    ),
  getInvitation: (Identifier: string) => call(new GetEngagementInvitationCommand({ Catalog, Identifier })),
  /** Accepts an opportunity; AWS works on it for a while. The same token again answers the same task. */
  startAccept: (ClientToken: string, Identifier: string) =>
    call(new StartEngagementByAcceptingInvitationTaskCommand({ Catalog, ClientToken, Identifier })),
  /** How far that has come: TaskSummaries, newest first. A read, where asking again by `startAccept` is a write. */
  listAcceptTasks: (invitationId: string) =>
    call(
      new ListEngagementByAcceptingInvitationTasksCommand({
        Catalog,
        EngagementInvitationIdentifier: [invitationId],
        Sort: { SortBy: 'StartTime', SortOrder: 'DESCENDING' },
      }),
    ),
  /** Accepts a lead, at once. */
  acceptInvitation: (Identifier: string) =>
    call(new AcceptEngagementInvitationCommand({ Catalog, Identifier })),
  /** Declines either kind. `RejectionReason`: 1 to 80 characters. */
  rejectInvitation: (Identifier: string, RejectionReason: string) =>
    call(new RejectEngagementInvitationCommand({ Catalog, Identifier, RejectionReason })),
});

const engagements = (Catalog: string, call: Call) => ({
  /** Pages of engagements with a lead in them: ids and titles only. */
  listEngagements: () =>
    pages('EngagementSummaryList', (NextToken) =>
      call(
        new ListEngagementsCommand({
          Catalog,
          MaxResults,
          NextToken,
          ContextTypes: ['Lead'],
          Sort: { SortBy: 'CreatedDate', SortOrder: 'DESCENDING' },
        }),
      ),
    ),
  getEngagement: (Identifier: string) => call(new GetEngagementCommand({ Catalog, Identifier })),
});

/** A line of a list, as far as every list has it. Time stamps verbatim, as text. */
interface Summary {
  Id: string;
  LastModifiedDate?: string;
  ModifiedAt?: string;
}

interface Page extends RawAnswer {
  items: Summary[];
}

type Fetch = (token: string | undefined) => Promise<RawAnswer>;

/** Follows NextToken to the end. A token that repeats itself would never end: it throws. */
async function* pages(list: string, fetch: Fetch): AsyncGenerator<Page> {
  let token: string | undefined;
  do {
    const page = await fetch(token);
    yield { ...page, items: listAt(page.json, [list]).flatMap((line) => summary(line) ?? []) };
    // Not decoded: a token goes back as it came.
    const next = at(page.json, ['NextToken']);
    if (typeof next === 'string' && next === token) throw new Error('AWS answered the same NextToken twice');
    token = typeof next === 'string' ? next : undefined;
  } while (token);
}

function summary(line: unknown): Summary | undefined {
  // The model allows an ARN in place of an invitation's id.
  const Id = valueAt(line, ['Id'])?.split('/').at(-1);
  const LastModifiedDate = valueAt(line, ['LastModifiedDate']);
  const ModifiedAt = valueAt(line, ['ModifiedAt']);
  if (!Id) return undefined;
  return { Id, ...(LastModifiedDate ? { LastModifiedDate } : {}), ...(ModifiedAt ? { ModifiedAt } : {}) };
}
