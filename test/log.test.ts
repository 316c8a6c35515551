import { expect, test } from '@jest/globals';
import { createLog } from '../src/log.ts';

const lines: string[] = [];
const log = createLog('debug', { write: (line: string) => void lines.push(line) });

test('an error is written by a whitelist: what it says, its query and its parameters are not', () => {
  const error = Object.assign(new Error('Raw query failed: INSERT … "Acme wants a demo"'), {
    code: 'P2010',
    meta: { query: 'SELECT 1', parameters: ['Acme wants a demo'] },
    clientVersion: '7',
    cause: new Error('detail: Key (email)=(ana@partner.example)'),
  });
  log.error({ err: error }, 'an act failed');
  const line = lines.at(-1) ?? '';
  expect(line).toContain('P2010');
  expect(line).toContain('log.test');
  expect(line).not.toContain('Acme');
  expect(line).not.toContain('ana@partner');
  expect(line).not.toContain('SELECT 1');
});

test('an error of the AWS SDK keeps its request id and status', () => {
  const error = Object.assign(new Error('Invalid next step: call Ana'), {
    name: 'ValidationException',
    $metadata: { requestId: 'r-1', httpStatusCode: 400 },
  });
  log.warn({ err: error }, 'refused');
  expect(lines.at(-1)).toContain('"requestId":"r-1"');
  expect(lines.at(-1)).not.toContain('call Ana');
});

test('what is thrown and is no error is named by its type only', () => {
  log.error({ err: 'Acme wants a demo' }, 'odd');
  expect(lines.at(-1)).not.toContain('Acme');
});
