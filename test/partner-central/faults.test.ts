/** What a fault means depends on how far the attempt came: after a write that returned, nothing is sent anew. */
import { describe, expect, test } from '@jest/globals';
import { TaskFailed } from '../../src/partner-central/errors.ts';
import { afterFault } from '../../src/partner-central/faults.ts';
import { silentLog } from '../support/databases.ts';

const ofAws = (name: string) =>
  Object.assign(new Error('x'), { name, $fault: 'client', $metadata: { requestId: 'r-1' } });
const DENIED = ofAws('AccessDeniedException');
const NOT_FOUND = ofAws('ResourceNotFoundException');
const THROTTLED = ofAws('ThrottlingException');
const REFUSED = ofAws('ValidationException');
const CONFLICT = ofAws('ConflictException');
const AWAY = Object.assign(new Error('x'), { name: 'TimeoutError' });

/** How far the attempt came. */
const NOT_SENT = { sent: false, wasSent: false, wrote: false };
const SENT = { sent: true, wasSent: false, wrote: false };
const SENT_BEFORE = { sent: true, wasSent: true, wrote: false };
const WROTE = { sent: true, wasSent: false, wrote: true };
const stepAfter = (error: unknown, came: typeof SENT, inARow = 1) =>
  afterFault(error, { ...came, inARow }, silentLog);

describe('after the write returned', () => {
  test.each([
    ['denied', DENIED],
    ['not found', NOT_FOUND],
    ['refused', REFUSED],
    ['throttled', THROTTLED],
    ['met by a conflict', CONFLICT],
    ['unanswered', AWAY],
  ])('a reading back that is %s makes it wait for AWS’s answer, and never starts it afresh', (_, error) => {
    const step = stepAfter(error, WROTE);
    expect(step).toMatchObject({ state: 'waiting', waitsFor: 'answer' });
    expect(step.afresh).toBeUndefined();
    expect(step.answer).toContain('I am finding out');
  });

  test.each([
    ['denied', DENIED],
    ['not found', NOT_FOUND],
  ])('what is %s for good is given up in the end, and the person hears that AWS may have it', (_, error) => {
    for (const came of [WROTE, SENT_BEFORE]) {
      for (const inARow of [1, 4])
        expect(stepAfter(error, came, inARow)).toMatchObject({ state: 'waiting', waitsFor: 'answer' });
      expect(stepAfter(error, came, 5)).toMatchObject({
        state: 'refused',
        answer: expect.stringContaining('AWS may have it all the same'),
      });
    }
  });

  test('a task that AWS itself ended as failed is refused at once, with AWS’s reason, also when it was sent before', () => {
    for (const came of [WROTE, SENT_BEFORE]) {
      expect(stepAfter(new TaskFailed('InvitationValidationFailed'), came)).toEqual({
        state: 'refused',
        answer: expect.stringContaining('invitation validation failed'),
      });
      const denied = stepAfter(new TaskFailed('InvitationAccessDenied'), came);
      expect(denied.state).toBe('refused');
      expect(denied.answer).not.toContain('may have it');
    }
  });

  test('what AWS refuses of what was sent before is refused at once', () => {
    expect(stepAfter(REFUSED, SENT_BEFORE).state).toBe('refused');
  });

  test.each(['RequestThrottled', 'ServiceQuotaExceeded', 'InternalError', 'OpportunityConflict'])(
    'a task that failed with the passing reason %s is started afresh',
    (reason) => {
      expect(stepAfter(new TaskFailed(reason), WROTE)).toMatchObject({
        ...{ state: 'waiting', waitsFor: 'unavailable', afresh: true },
      });
    },
  );
});

describe('before any write returned', () => {
  test.each([
    ['throttled', THROTTLED],
    ['met by a conflict', CONFLICT],
  ])('what is %s has come to nothing and is tried afresh', (_, error) => {
    for (const came of [NOT_SENT, SENT])
      expect(stepAfter(error, came)).toMatchObject({
        state: 'waiting',
        waitsFor: 'unavailable',
        afresh: true,
      });
  });

  test('a throttle says nothing of an attempt before this one: it waits for the answer to that', () => {
    const step = stepAfter(THROTTLED, SENT_BEFORE);
    expect(step).toMatchObject({ state: 'waiting', waitsFor: 'answer' });
    expect(step.afresh).toBeUndefined();
  });

  test('no answer to what was sent means that AWS may have it; to what was not sent, that it has not', () => {
    expect(stepAfter(AWAY, SENT)).toMatchObject({ state: 'waiting', waitsFor: 'answer' });
    expect(stepAfter(AWAY, SENT).afresh).toBeUndefined();
    expect(stepAfter(AWAY, NOT_SENT)).toMatchObject({ state: 'waiting', waitsFor: 'unavailable' });
  });

  test.each([
    ['denied', DENIED],
    ['not found', NOT_FOUND],
    ['refused', REFUSED],
  ])('what is %s is refused at once, under AWS’s request id', (_, error) => {
    const step = stepAfter(error, SENT);
    expect(step).toMatchObject({ state: 'refused', awsRequestId: 'r-1' });
    expect(step.answer).not.toContain('may have it');
  });
});

test('a rest grows with faults in a row to a minute at most; a used-up quota rests for minutes', () => {
  for (const [inARow, least, most] of [
    [1, 800, 1200],
    [4, 6400, 9600],
    [50, 48_000, 72_000],
  ] as const) {
    const { restMs = 0 } = stepAfter(AWAY, SENT, inARow);
    expect(restMs).toBeGreaterThanOrEqual(least);
    expect(restMs).toBeLessThanOrEqual(most);
  }
  expect(stepAfter(ofAws('ServiceQuotaExceededException'), SENT).restMs).toBe(180_000);
});
