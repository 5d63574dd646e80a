import { configure, overrideSettings, resetSettings } from 'tsango/conf';
import { XFrameOptionsMiddleware } from 'tsango/middleware/clickjacking';
import { RequestFactory } from 'tsango/test';
import { xframeOptionsDeny, xframeOptionsExempt, xframeOptionsSameorigin } from 'tsango/views/decorators';
import { through, viewWith } from '../support/middleware';

const rf = new RequestFactory();
beforeEach(() => configure({}));
afterEach(() => resetSettings());
const header = async (view = viewWith()) =>
  (await through(XFrameOptionsMiddleware, rf.get('/'), view)).get('X-Frame-Options');

it('says DENY, or what the setting says', async () => {
  expect(await header()).toBe('DENY');
  await overrideSettings({ X_FRAME_OPTIONS: 'sameorigin' }, async () =>
    expect(await header()).toBe('SAMEORIGIN'),
  );
});
it('leaves the header of a view alone', async () => {
  expect(await header(viewWith({ 'X-Frame-Options': 'ALLOWALL' }))).toBe('ALLOWALL');
});
it('hears the decorators', async () => {
  expect(await header(xframeOptionsSameorigin(viewWith()))).toBe('SAMEORIGIN');
  await overrideSettings({ X_FRAME_OPTIONS: 'SAMEORIGIN' }, async () => {
    expect(await header(xframeOptionsDeny(viewWith()))).toBe('DENY');
    expect(await header(xframeOptionsExempt(viewWith()))).toBeUndefined();
  });
});
it('can depend on the response in a subclass', async () => {
  class Own extends XFrameOptionsMiddleware {
    override getXframeOptionsValue(): string {
      return 'SAMEORIGIN';
    }
  }
  expect((await through(Own, rf.get('/'))).get('X-Frame-Options')).toBe('SAMEORIGIN');
});
