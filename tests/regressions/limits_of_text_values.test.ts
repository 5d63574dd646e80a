/**
 * Decimals, days and times are text in models, and limits are numbers or text: what is compared is what they stand for. A limit
 * on a DecimalField had been an error, or an order of letters.
 */
import '../db/settings';
import {
  MaxValueValidator,
  MinValueValidator,
  StepValueValidator,
  type Validator,
} from 'tsango/core/validators';
import * as models from 'tsango/db/models';
import { modelformFactory } from 'tsango/forms';
import { Decimal, PlainDate } from 'tsango/python/types';

const at = (...limits: Validator[]) => ({ validators: limits });

class Offer extends models.Model {
  static override readonly Meta = { appLabel: 'limits' };
  declare id: number;
  @models.DecimalField({
    maxDigits: 6,
    decimalPlaces: 2,
    default: '10.50',
    ...at(new MinValueValidator(0), new MaxValueValidator('100')),
  })
  declare price: string;
  @models.DecimalField({
    maxDigits: 6,
    decimalPlaces: 2,
    default: '0.50',
    ...at(new MaxValueValidator(Decimal.from('9.5')), new StepValueValidator('0.25')),
  })
  declare share: string;
  @models.DateField({
    default: '2027-06-01',
    ...at(new MinValueValidator('2027-01-01'), new MaxValueValidator(new PlainDate(2027, 12, 31))),
  })
  declare day: string;
  @models.TimeField({ default: '10:00:00', ...at(new MinValueValidator('9:00')) }) declare hour: string;
  @models.DateTimeField({
    default: new Date('2027-06-01T00:00:00Z'),
    ...at(
      new MinValueValidator(() => new Date('2027-01-01T00:00:00Z')),
      new MaxValueValidator('2028-01-01T00:00Z'),
    ),
  })
  declare until: Date;
}

const messages = async (values: Partial<Offer>): Promise<unknown> => {
  const error: unknown = await new Offer(values).cleanFields().catch((reason: unknown) => reason);
  return error === undefined ? {} : (error as { messageDict: unknown }).messageDict;
};

it.each([
  [{}, {}],
  [{ price: '0', share: '9.50', day: '2027-12-31', hour: '09:00' }, {}],
  [{ price: '9.00' }, {}],
  [{ price: '-0.01' }, { price: ['Ensure this value is greater than or equal to 0.'] }],
  [{ price: '100.01' }, { price: ['Ensure this value is less than or equal to 100.'] }],
  [{ share: '10' }, { share: ['Ensure this value is less than or equal to 9.5.'] }],
  [{ share: '0.30' }, { share: ['Ensure this value is a multiple of step size 0.25.'] }],
  [{ day: '2026-12-31' }, { day: ['Ensure this value is greater than or equal to 2027-01-01.'] }],
  [{ day: '2028-01-01' }, { day: ['Ensure this value is less than or equal to 2027-12-31.'] }],
  [{ hour: '08:59' }, { hour: ['Ensure this value is greater than or equal to 09:00:00.'] }],
  [
    { until: new Date('2026-01-01T00:00:00Z') },
    { until: ['Ensure this value is greater than or equal to 2027-01-01 00:00:00+00:00.'] },
  ],
  [
    { until: new Date('2028-01-02T00:00:00Z') },
    { until: ['Ensure this value is less than or equal to 2028-01-01 00:00:00+00:00.'] },
  ],
] as [Partial<Offer>, object][])('%j: %j', async (values, expected) => {
  expect(await messages(values)).toEqual(expected);
});

it('is said by forms', async () => {
  const OfferForm = modelformFactory(Offer, { fields: ['price', 'day'] });
  const form = new OfferForm({ data: { price: '-3', day: '2029-01-01' } });
  expect(await form.isValid()).toBe(false);
  expect(JSON.parse(form.errors.asJson())).toEqual({
    price: [{ message: 'Ensure this value is greater than or equal to 0.', code: 'min_value' }],
    day: [{ message: 'Ensure this value is less than or equal to 2027-12-31.', code: 'max_value' }],
  });
});
