/** A record with AWS's side of it. */
import type { Entry } from '../store/deals.ts';
import type { Hands } from './agent.ts';
import { fromOpportunity } from './mapping.ts';

/** The record with AWS's side of it. */
export async function readOpportunity({ aws }: Hands, id: string, json?: unknown): Promise<Entry> {
  const record = json ?? (await aws.getOpportunity(id)).json;
  return fromOpportunity(record, await summaryOf(aws, id));
}

/** AWS's own side is not there for drafts and not for everybody; the deal is complete without it. */
export async function summaryOf(
  aws: Pick<Hands['aws'], 'getAwsOpportunitySummary'>,
  id: string,
): Promise<unknown> {
  try {
    return (await aws.getAwsOpportunitySummary(id)).json;
  } catch (error) {
    if (
      ['ResourceNotFoundException', 'AccessDeniedException', 'ValidationException'].includes(
        (error as Error).name,
      )
    )
      return undefined;
    throw error;
  }
}

/** Spread into a step. */
export const idOf = (requestId: string | undefined) => (requestId ? { awsRequestId: requestId } : {});
