/** The partner's solutions: what an opportunity can be associated with. They are made on AWS's web pages only. */
import type { z } from 'zod';
import { type Doc, textAt } from './json.ts';
import { operation } from './operation.ts';
import { paginate } from './page.ts';
import * as shapes from './shapes/solution.ts';

/** By id without a wish (GUESS: no source says how they are sorted then). */
export const listSolutions = operation('read', shapes.listSolutions, (input, { world, body }) => {
  const rows = (world.solutions ?? []).filter((solution) => fits(solution, input));
  const page = paginate(rows, input, body, {
    key: (solution) => textAt(solution, PLACES[input.Sort?.SortBy ?? 'Identifier'] ?? '') ?? '',
    id: (solution) => textAt(solution, 'Id') ?? '',
    descending: false,
  });
  const { rows: SolutionSummaries, ...token } = page;
  return { world, answer: { SolutionSummaries, ...token } };
});

const PLACES: Record<string, string> = {
  Identifier: 'Id',
  Name: 'Name',
  Status: 'Status',
  Category: 'Category',
  CreatedDate: 'CreatedDate',
};

type Filters = z.infer<typeof shapes.listSolutions>;

const fits = (solution: Doc, filters: Filters): boolean =>
  among(solution, 'Status', filters.Status) &&
  among(solution, 'Id', filters.Identifier) &&
  among(solution, 'Category', filters.Category) &&
  among(solution, 'AwsMarketplaceSolutionArn', filters.AwsMarketplaceSolutionArn);

const among = (solution: Doc, name: string, values: readonly string[] | undefined): boolean =>
  values === undefined || values.length === 0 || values.includes(textAt(solution, name) ?? '');
