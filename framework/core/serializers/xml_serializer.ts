/** XML. Django: `django.core.serializers.xml_serializer`; https://docs.djangoproject.com/en/5.2/topics/serialization/#xml */
import type { Model, ModelClass } from '../../db/models/base';
import { classOf } from '../../db/models/classes';
import type { Field } from '../../db/models/fields/base';
import { type ForeignKey, ManyToManyField, OneToOneField } from '../../db/models/fields/related';
import { toStr } from '../../python';
import { ValueError } from '../../python/errors';
import { jsonDumps } from '../../python/json_encoder';
import type { MaybePromise } from '../../utils/maybe_promise';
import { SimplerXMLGenerator, UnserializableContentError } from '../../utils/xmlutils';
import { Serializer as BaseSerializer, classOfRow, hasNaturalKey, naturalKeyOf } from './base';
import { relatedRow, relatedRows } from './python';
import { valueFieldOf } from './values';

export { Deserializer } from './xml_deserializer';
export { DefusedXmlException, DTDForbidden } from './xml_reader';

/** The class of a relation, as Django names it. */
function relName(field: ForeignKey | ManyToManyField): string {
  if (field instanceof ManyToManyField) return 'ManyToManyRel';
  return field instanceof OneToOneField ? 'OneToOneRel' : 'ManyToOneRel';
}

/** Writes rows as XML. */
export class Serializer extends BaseSerializer {
  private xml = new SimplerXMLGenerator(this.sink);

  private indent(level: number): void {
    const { indent } = this.options;
    if (indent !== undefined && indent !== null)
      this.xml.ignorableWhitespace(`\n${' '.repeat(indent * level)}`);
  }

  protected override startSerialization(): void {
    this.xml = new SimplerXMLGenerator(this.sink);
    this.xml.startDocument();
    this.xml.startElement('django-objects', { version: '1.0' });
  }

  protected override endSerialization(): void {
    this.indent(0);
    this.xml.endElement('django-objects');
    this.xml.endDocument();
  }

  protected override startObject(row: Model): void {
    const cls = classOfRow(row);
    const { key: model, pk } = cls._meta;
    this.indent(1);
    const isNatural = this.options.useNaturalPrimaryKeys && hasNaturalKey(cls);
    const hasKey = !isNatural && row.pk !== null && row.pk !== undefined;
    this.xml.startElement('object', hasKey ? { model, pk: textOf(row, pk) } : { model });
  }

  protected override endObject(): void {
    this.indent(1);
    this.xml.endElement('object');
  }

  protected override handleField(row: Model, field: Field): void {
    this.indent(2);
    this.xml.startElement('field', { name: field.name, type: field.internalType });
    const value = field.valueFromObject(row);
    if (value === null || value === undefined) this.xml.addQuickElement('None');
    else
      this.characters(row, field, field.internalType === 'JSONField' ? jsonDumps(value) : textOf(row, field));
    this.xml.endElement('field');
  }

  /** @throws ValueError naming the field that holds what XML has no form of. */
  private characters(row: Model, field: Field, text: string): void {
    try {
      this.xml.characters(text);
    } catch (error) {
      if (!(error instanceof UnserializableContentError)) throw error;
      const { name } = classOfRow(row);
      throw new ValueError(`${name}.${field.name} (pk:${toStr(row.pk)}) contains unserializable characters`, {
        cause: error,
      });
    }
  }

  private startRelation(field: ForeignKey | ManyToManyField): ModelClass {
    this.indent(2);
    this.xml.startElement('field', { name: field.name, rel: relName(field), to: field.remoteModel.key });
    return classOf(field.remoteModel);
  }

  private naturalKey(key: readonly unknown[]): void {
    for (const part of key) this.xml.addQuickElement('natural', toStr(part));
  }

  protected override handleFkField(row: Model, field: ForeignKey): MaybePromise<void> {
    const isNatural = hasNaturalKey(this.startRelation(field)) && this.options.useNaturalForeignKeys;
    const value = field.valueFromObject(row);
    const hasValue = value !== null && value !== undefined;
    if (hasValue && isNatural) return this.handleNatural(row, field);
    if (hasValue) this.xml.characters(textOf(row, field));
    else this.xml.addQuickElement('None');
    this.xml.endElement('field');
    return undefined;
  }

  private async handleNatural(row: Model, field: ForeignKey): Promise<void> {
    const related = await relatedRow(row, field);
    if (related !== null) this.naturalKey(await naturalKeyOf(related));
    this.xml.endElement('field');
  }

  protected override async handleM2mField(row: Model, field: ManyToManyField): Promise<void> {
    if (!field.hasOwnTable) return;
    const isNatural = hasNaturalKey(this.startRelation(field)) && this.options.useNaturalForeignKeys;
    for (const related of await relatedRows(row, field, isNatural ? undefined : 'pk')) {
      if (isNatural) {
        this.xml.startElement('object');
        this.naturalKey(await naturalKeyOf(related));
        this.xml.endElement('object');
      } else this.xml.addQuickElement('object', undefined, { pk: toStr(related.pk) });
    }
    this.xml.endElement('field');
  }
}

/** The text of a value as its field makes it. */
function textOf(row: Model, field: Field): string {
  return toStr(valueFieldOf(field) === field ? field.valueToString(row) : field.valueFromObject(row));
}
