/** Changing what is known of a lead: UpdateEngagementContext. */
import type { z } from 'zod';
import { engagementOf } from './engagements.ts';
import { type Doc, docAt, isDoc, type Json, listAt, only, textAt } from './json.ts';
import { operation } from './operation.ts';
import { OUR_ACCOUNT } from './records.ts';
import * as shapes from './shapes/engagement.ts';
import { forbidden, malformed, notFound, Refusal } from './wire.ts';
import { breaks, idIn, microsecondsAfter, withEffect, withEngagement } from './world.ts';

/** Interactions a context holds (service model, LeadInteractionList). */
const MOST = 10;

type Update = z.infer<typeof shapes.updateEngagementContext>;

/**
 * Locked by EngagementLastModifiedAt, compared as text: a client that cuts its microseconds meets ConflictException.
 * The customer and the status are replaced by what is sent, a status left out falls back to AWS's default, Unqualified;
 * the one interaction that fits into a request is added (GUESS, both; AWS's own sample sends a new one each time).
 */
export const updateEngagementContext = operation('write', shapes.updateEngagementContext, (input, turn) => {
  const id = idIn(input.EngagementIdentifier);
  const engagement = engagementOf(turn.world, id);
  const sent = leadIn(turn.body, input);
  const context = contextIn(engagement, input);
  assertFresh(engagement, input.EngagementLastModifiedAt);
  const serial = turn.world.serial + 1;
  const ModifiedAt = microsecondsAfter(input.EngagementLastModifiedAt, turn.now, serial);
  const Contexts = listAt(engagement, 'Contexts').map((one) =>
    one === context ? changed(context, sent) : one,
  );
  const next: Doc = { ...engagement, Contexts, ModifiedAt, ModifiedBy: OUR_ACCOUNT };
  const world = withEffect(withEngagement({ ...turn.world, serial }, id, next), {
    at: turn.now.toISOString(),
    kind: 'update-lead',
    id,
    value: sent,
  });
  return {
    world,
    answer: {
      EngagementId: id,
      EngagementArn: engagement.Arn ?? '',
      EngagementLastModifiedAt: ModifiedAt,
      ContextId: input.ContextIdentifier,
    },
  };
});

/** The Lead member as it was sent, members unknown to its shape included. */
function leadIn(body: Doc, { Type, Payload }: Update): Doc {
  if (Type !== 'Lead') {
    throw forbidden([
      { FieldName: 'type', Code: 'ACTION_NOT_PERMITTED', Message: 'Only a Lead context is practised.' },
    ]);
  }
  if (!Payload.Lead || Object.keys(Payload).length !== 1) {
    throw malformed([
      {
        FieldName: 'payload',
        Code: 'INVALID_VALUE',
        Message: 'Exactly the member named by the type is set.',
      },
    ]);
  }
  return docAt(body, 'Payload.Lead');
}

/** Throws ResourceNotFoundException, or INVALID_VALUE where the context is of another type. */
function contextIn(engagement: Doc, { ContextIdentifier, Type }: Update): Doc {
  const context = listAt(engagement, 'Contexts').find((one) => isDoc(one) && one.Id === ContextIdentifier);
  if (!isDoc(context)) throw notFound('The engagement context');
  if (context.Type !== Type) throw breaks('type', 'INVALID_VALUE', 'The context is of another type.');
  return context;
}

function assertFresh(engagement: Doc, seen: string): void {
  if (textAt(engagement, 'ModifiedAt') === seen) return;
  throw new Refusal('ConflictException', 'The engagement was modified after EngagementLastModifiedAt.');
}

/** Insights are AWS's own and stay. */
function changed(context: Doc, sent: Doc): Doc {
  const before = docAt(context, 'Payload.Lead');
  const interactions: Json[] = listAt(before, 'Interactions');
  if (sent.Interaction && interactions.length >= MOST) {
    const Message = `A lead holds ${MOST} interactions.`;
    throw forbidden([{ FieldName: 'payload.lead.interaction', Code: 'TOO_MANY_VALUES', Message }]);
  }
  const Lead: Doc = {
    ...only(before, ['Insights']),
    Customer: sent.Customer ?? {},
    QualificationStatus: sent.QualificationStatus ?? 'Unqualified',
    Interactions: sent.Interaction ? [...interactions, sent.Interaction] : interactions,
  };
  return { ...context, Payload: { Lead } };
}
