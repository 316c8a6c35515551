/** What an opportunity is about: solutions, AWS products, AWS Marketplace's things, one a call. */
import type { z } from 'zod';
import { type Doc, type Json, listAt, put, textAt } from './json.ts';
import { reviewOf } from './matrix.ts';
import { type Outcome, operation, type Turn } from './operation.ts';
import { rowOf } from './opportunities.ts';
import { hasSolution, is, SOLUTION_NEEDED } from './rules.ts';
import * as shapes from './shapes/solution.ts';
import { written } from './update.ts';
import { notFound } from './wire.ts';
import { breaks, withEffect, withOpportunity } from './world.ts';

type Relation = z.infer<typeof shapes.relateEntity>;

/** How many of a kind an opportunity holds (quotas page of Partner Central). */
const MOST: Record<Relation['RelatedEntityType'], number> = {
  Solutions: 10,
  AwsProducts: 20,
  AwsMarketplaceOffers: 1,
  AwsMarketplaceOfferSets: 1,
  AwsMarketplaceSolutions: 10,
  AwsMarketplaceProducts: 10,
};

/**
 * Associated already: DUPLICATE_KEY_VALUE (GUESS; an integrator saw a conflict there, but the model gives the operation
 * none). A solution must be active in ListSolutions; other kinds are taken by their form, their lists are not practised.
 */
export const associateOpportunity = operation('write', shapes.relateEntity, (input, turn) => {
  const { record } = rowOf(turn, input.OpportunityIdentifier);
  assertUnlocked(record, input);
  assertKnown(turn, input);
  const held = heldBy(record, input);
  if (held.includes(input.RelatedEntityIdentifier)) {
    throw breaks(FIELD, 'DUPLICATE_KEY_VALUE', 'The entity is already associated with the opportunity.');
  }
  if (held.length >= MOST[input.RelatedEntityType]) {
    throw breaks(FIELD, 'TOO_MANY_VALUES', `An opportunity holds ${MOST[input.RelatedEntityType]} of them.`);
  }
  const related = put(record, placeOf(input), [...held, input.RelatedEntityIdentifier]);
  // "Nullified when you associate a valid solution" (ACE data model, Project.OtherSolutionDescription).
  const isSolution = input.RelatedEntityType === 'Solutions';
  const next = isSolution ? put(related, 'Project.OtherSolutionDescription', undefined) : related;
  return kept(turn, input, 'associate', next);
});

/** A committed or launched opportunity keeps its last solution. */
export const disassociateOpportunity = operation('write', shapes.relateEntity, (input, turn) => {
  const { record } = rowOf(turn, input.OpportunityIdentifier);
  assertUnlocked(record, input);
  const held = heldBy(record, input);
  if (!held.includes(input.RelatedEntityIdentifier)) throw notFound('The association');
  const rest = held.filter((id) => id !== input.RelatedEntityIdentifier);
  const next = put(record, placeOf(input), rest.length > 0 ? rest : undefined);
  const solutions = turn.world.solutions ?? [];
  const isLast = hasSolution(record, solutions) && !hasSolution(next, solutions);
  if (isLast && ['Committed', 'Launched'].includes(textAt(record, 'LifeCycle.Stage') ?? '')) {
    throw breaks('RelatedEntityIdentifiers.Solutions', 'REQUIRED_FIELD_MISSING', SOLUTION_NEEDED);
  }
  return kept(turn, input, 'disassociate', next);
});

const FIELD = 'relatedEntityIdentifier';

const placeOf = ({ RelatedEntityType }: Relation): string => `RelatedEntityIdentifiers.${RelatedEntityType}`;

const heldBy = (record: Doc, relation: Relation): Json[] => listAt(record, placeOf(relation));

/**
 * "At any stage of the opportunity lifecycle" (developer guide, associating), but not while AWS reviews it (as one
 * integrator found) or once it is rejected; and no offers on what is lost (ACE data model).
 */
function assertUnlocked(record: Doc, { RelatedEntityType }: Relation): void {
  const isLocked = ['Submitted', 'In review', 'Rejected'].includes(reviewOf(record));
  const isOffer = RelatedEntityType.startsWith('AwsMarketplaceOffer');
  if (isLocked) throw locked('The opportunity cannot be updated in its present state.');
  if (isOffer && is(record, 'LifeCycle.Stage', 'Closed Lost')) {
    throw locked("Cannot associate/disassociate offers when opportunity is in 'Closed Lost'.");
  }
}

const locked = (message: string) => breaks('lifeCycle', 'ACTION_NOT_PERMITTED', message);

/** ARNs as the service model and the ACE data model have them. */
const FORMS: Partial<Record<Relation['RelatedEntityType'], RegExp>> = {
  Solutions: /^S-[0-9]{1,19}$/,
  AwsMarketplaceOffers: /^arn:aws:aws-marketplace:[a-z]{1,2}-[a-z]*-\d+:\d{12}:AWSMarketplace\/Offer\/.*$/,
  AwsMarketplaceOfferSets:
    /^arn:aws:aws-marketplace:[a-z]{1,2}-[a-z]*-\d+:\d{12}:AWSMarketplace\/OfferSet\/offerset-.*$/,
  AwsMarketplaceSolutions: /^arn:.+$/,
  AwsMarketplaceProducts: /^arn:.+$/,
};

function assertKnown({ world }: Turn, { RelatedEntityType, RelatedEntityIdentifier }: Relation): void {
  if (FORMS[RelatedEntityType]?.test(RelatedEntityIdentifier) === false) {
    throw breaks(FIELD, 'INVALID_STRING_FORMAT', 'The identifier does not match the required format.');
  }
  if (RelatedEntityType !== 'Solutions') return;
  const solution = world.solutions?.find(({ Id }) => Id === RelatedEntityIdentifier);
  if (solution?.Status !== 'Active') {
    throw breaks(FIELD, 'INVALID_VALUE', 'The solution is no active solution of the partner.');
  }
}

function kept(turn: Turn, relation: Relation, kind: 'associate' | 'disassociate', record: Doc): Outcome {
  const id = relation.OpportunityIdentifier;
  const row = rowOf(turn, id);
  const next = { ...row, record: written(row.record, record, turn.now) };
  const world = withEffect(withOpportunity(turn.world, id, next), {
    at: turn.now.toISOString(),
    kind,
    id,
    value: relation.RelatedEntityIdentifier,
  });
  return { world, answer: {} };
}
