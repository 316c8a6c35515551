/** What operations on solutions accept, and on what is related to an opportunity. */
import { z } from 'zod';
import { SOLUTION_STATUSES } from '../../pipeline/picklists.ts';
import { base, object, opportunityId, page, sort, text, upTo } from './parts.ts';

const solutionId = z.string().regex(/^S-[0-9]{1,19}$/);

export const listSolutions = object({
  ...base,
  ...page(100),
  Sort: sort(['Identifier', 'Name', 'Status', 'Category', 'CreatedDate']),
  Status: upTo(10, z.enum(SOLUTION_STATUSES)),
  Identifier: upTo(20, solutionId),
  Category: upTo(10, z.string()),
  AwsMarketplaceSolutionArn: upTo(10, z.string().regex(/^arn:[\s\S]{0,2044}$/)),
});

export const RELATED_ENTITY_TYPES = [
  'Solutions',
  'AwsProducts',
  'AwsMarketplaceOffers',
  'AwsMarketplaceOfferSets',
  'AwsMarketplaceSolutions',
  'AwsMarketplaceProducts',
] as const;

export const relateEntity = object({
  ...base,
  OpportunityIdentifier: opportunityId,
  RelatedEntityType: z.enum(RELATED_ENTITY_TYPES),
  RelatedEntityIdentifier: text(1, 255).unwrap(),
});
