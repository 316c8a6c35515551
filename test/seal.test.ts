import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createSeal, derive, Unopened } from '../src/seal.ts';

const key = randomBytes(32);
const seal = createSeal(key);

test('what is sealed opens again, whatever it says', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, about) => {
      expect(seal.open(seal.seal(text, about), about)).toBe(text);
    }),
  );
});

test('the same text never looks the same twice, and nothing of it is readable', () => {
  const [one, other] = [seal.seal('xoxb-secret', 'a'), seal.seal('xoxb-secret', 'a')];
  expect(one).not.toBe(other);
  expect(Buffer.from(one, 'base64url').toString('latin1')).not.toContain('secret');
});

test('it opens for nothing else, under no other key, and not when a single bit was touched', () => {
  const sealed = seal.seal('xoxb-secret', 'slack  T1');
  expect(() => seal.open(sealed, 'slack  T2')).toThrow(Unopened);
  const bytes = Buffer.from(sealed, 'base64url');
  for (const at of bytes.keys()) {
    const touched = Buffer.from(bytes);
    touched[at] = (touched[at] ?? 0) ^ 1;
    expect(() => seal.open(touched.toString('base64url'), 'slack  T1')).toThrow(Unopened);
  }
  for (let length = 0; length < bytes.length; length++)
    expect(() => seal.open(bytes.subarray(0, length).toString('base64url'), 'slack  T1')).toThrow(Unopened);
  for (let n = 0; n < 300; n++)
    expect(() => createSeal(randomBytes(32)).open(sealed, 'slack  T1')).toThrow(Unopened);
});

test('a key of another length is refused', () => {
  expect(() => createSeal(randomBytes(16)).seal('a', 'b')).toThrow();
});

test('derived secrets differ by purpose and by key, and are the same every time', () => {
  expect(derive(key, 'oauth state')).toEqual(derive(key, 'oauth state'));
  expect(derive(key, 'oauth state')).not.toEqual(derive(key, 'key id', 32));
  expect(derive(key, 'oauth state')).not.toEqual(derive(randomBytes(32), 'oauth state'));
  expect(derive(key, 'oauth state')).toHaveLength(32);
});
