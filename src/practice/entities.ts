/** Get answers of the real service can hold entities: "Migration &amp; More", "ETL&amp;colon; Data Lake". */
import { at, type Doc, isDoc, type Json, mapTexts, put } from './json.ts';

const FREE_TEXTS = [
  'Customer.Account.CompanyName',
  'Project.Title',
  'Project.CustomerBusinessProblem',
  'Project.CustomerUseCase',
  'Project.AdditionalComments',
  'LifeCycle.NextSteps',
];

/** A copy with its free texts and use case encoded as the service does it; ids, dates and addresses stay. */
export function encodedTexts(record: Doc): Doc {
  const texts = FREE_TEXTS.reduce((copy, path) => encodeAt(copy, path), record);
  const history = at(record, 'LifeCycle.NextStepsHistory');
  if (!Array.isArray(history)) return texts;
  return put(texts, 'LifeCycle.NextStepsHistory', history.map(encodeStep));
}

function encodeAt(record: Doc, path: string): Doc {
  const value = at(record, path);
  return value === undefined ? record : put(record, path, mapTexts(value, encode));
}

const encodeStep = (step: Json): Json => (isDoc(step) ? encodeAt(step, 'Value') : step);

/** A colon is encoded twice: `:` → `&colon;` → `&amp;colon;` (seen in AWS's own sample code). */
const encode = (text: string): string => text.replaceAll(':', '&colon;').replaceAll('&', '&amp;');
