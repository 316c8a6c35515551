/** What a person sees of blocks, and the buttons and fields on it. */
export type Json = Record<string, unknown>;

export const isJson = (it: unknown): it is Json =>
  typeof it === 'object' && it !== null && !Array.isArray(it);

/** Every object inside, outermost first. */
export function partsOf(it: unknown): Json[] {
  if (Array.isArray(it)) return it.flatMap(partsOf);
  return isJson(it) ? [it, ...Object.values(it).flatMap(partsOf)] : [];
}

/** All visible texts, a line each: a message's blocks, or its text where it has none; a view's title and blocks. */
export function screenOf(shown: { text?: unknown; blocks?: unknown }): string {
  const words = partsOf(shown.blocks).flatMap((it) => (typeof it.text === 'string' ? [it.text] : []));
  return words.length > 0 ? words.join('\n') : String(shown.text ?? '');
}

export interface ShownButton {
  type: 'button' | 'overflow';
  label: string;
  actionId: string;
  value: string;
}

/** Buttons and the lines of overflow menus. */
export function buttonsOf(blocks: unknown): ShownButton[] {
  return partsOf(blocks).flatMap((it): ShownButton[] => {
    const actionId = String(it.action_id);
    if (it.type === 'button')
      return [{ type: 'button', label: labelOf(it), actionId, value: String(it.value) }];
    if (it.type !== 'overflow' || !Array.isArray(it.options)) return [];
    return it.options.filter(isJson).map((option) => ({
      type: 'overflow',
      label: labelOf(option),
      actionId,
      value: String(option.value),
    }));
  });
}

const labelOf = (it: Json): string => (isJson(it.text) ? String(it.text.text) : '');

export interface ShownField {
  id: string;
  label: string;
  type: string;
  value: string;
}

/** The inputs of a form and what stands in them. */
export function fieldsOf(blocks: unknown): ShownField[] {
  const inputs = Array.isArray(blocks) ? blocks.filter((it) => isJson(it) && it.type === 'input') : [];
  return inputs.map((it: Json) => {
    const element = isJson(it.element) ? it.element : {};
    const option = isJson(element.initial_option) ? element.initial_option.value : undefined;
    const chosen = Array.isArray(element.initial_options) ? element.initial_options.filter(isJson) : [];
    const many = chosen.length > 0 ? chosen.map(({ value }) => value).join(',') : undefined;
    return {
      id: String(it.block_id),
      label: isJson(it.label) ? String(it.label.text) : '',
      type: String(element.type),
      value: String(element.initial_value ?? option ?? element.initial_date ?? many ?? ''),
    };
  });
}
