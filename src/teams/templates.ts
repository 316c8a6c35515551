/** The templates in cards/, read once. The Adaptive Cards Designer opens them; samples to see them with lie beside them. */
import { readFileSync } from 'node:fs';
import type { AdaptiveCard } from './card.ts';
import { fill, type Json } from './fill.ts';

const NAMES = ['card', 'list', 'note', 'form', 'fields'] as const;
export type TemplateName = (typeof NAMES)[number];

const read = (name: TemplateName): unknown =>
  JSON.parse(readFileSync(new URL(`../../cards/${name}.json`, import.meta.url), 'utf8'));

const TEMPLATES = Object.fromEntries(NAMES.map((name) => [name, read(name)]));

/** @throws for data that does not fit the template. */
export function fromTemplate(name: TemplateName, data: Json): AdaptiveCard {
  // The schema address is for the Designer alone.
  const { $schema: _, ...card } = fill(TEMPLATES[name], data) as AdaptiveCard;
  return card;
}
