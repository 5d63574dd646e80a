/** Form classes of a recorded site, made of their description. */
import * as forms from 'tsango/forms';
import { camelCase, importString } from 'tsango/utils/module_loading';
import { decode } from '../vector_values';
import { type Json, lastName, NotThere } from './facts';
import type { SiteModels } from './models';

type AnyClass = new (...args: unknown[]) => object;

/** A class of Django's by its dotted name. */
function djangos(dotted: string): AnyClass {
  const found = dotted.startsWith('django.forms.')
    ? (forms as unknown as Readonly<Record<string, unknown>>)[lastName(dotted)]
    : importString(dotted);
  if (typeof found !== 'function') throw new NotThere(`not here: ${dotted}`);
  return found as AnyClass;
}

function named(kwargs: Json): Json {
  return Object.fromEntries(
    Object.entries(kwargs)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [camelCase(name), decode(value)]),
  );
}

function fieldOf({ class: cls, kwargs, widget }: Json): forms.Field {
  const options: Record<string, unknown> = { ...named((kwargs ?? {}) as Json) };
  if (widget !== undefined) {
    const { class: widgetClass, attrs } = widget as { class: string; attrs?: Json };
    options['widget'] = new (djangos(widgetClass))({ attrs: decode(attrs ?? {}) });
  }
  return new (djangos(String(cls)))(options) as forms.Field;
}

/** A form class. @throws NotThere */
export function formClass(json: Json, models: SiteModels): unknown {
  const {
    class: name,
    bases,
    fields,
    meta,
  } = json as {
    class: string;
    bases: readonly string[];
    fields: readonly (readonly [string, Json])[];
    meta?: { model?: string; fields?: readonly string[]; exclude?: readonly string[] };
  };
  const [base = ''] = bases;
  if (base === name || name.startsWith('django.')) return djangos(name);
  const declared = (): forms.Fields =>
    Object.fromEntries(fields.map(([field, each]) => [camelCase(field), fieldOf(each)]));
  let made: unknown;
  if (meta?.model !== undefined) {
    const { model, ...options } = meta;
    made = forms.modelForm(
      models.get(model) as never,
      { fields: '__all__', ...(decode(options) as object) } as never,
      declared() as never,
    );
  } else if (base === 'django.forms.forms.Form') made = forms.form(declared());
  else made = class extends djangos(base) {};
  Object.defineProperty(made, 'name', { value: lastName(name) });
  return made;
}
