/**
 * Found in bookwyrm's templates (`{{ request.path }}` in its log-in form), rendered by a Django without the `request`
 * context processor: a context's own attributes are no variables. Expected values: Django 4.2 and 5.2.
 */
import { configure, overrideSettings, resetSettings } from 'tsango/conf';
import { engines } from 'tsango/template';
import { RequestFactory } from 'tsango/test';

const DJANGO = 'django.template.backends.django.DjangoTemplates';
const REQUEST = 'django.template.context_processors.request';

/** Has a site's engine for one test. */
function site(...processors: string[]): void {
  restore = overrideSettings({
    TEMPLATES: [{ BACKEND: DJANGO, OPTIONS: { context_processors: processors } }],
  });
}

let restore: () => Promise<void>;

async function render(source: string, context: Record<string, unknown> = {}): Promise<string> {
  const request = new RequestFactory().get('/books/?page=2');
  return String(await engines.get('django').fromString(source).render(context, request));
}

describe('what a context has as attributes', () => {
  beforeAll(() => configure({ SECRET_KEY: 'a key for tests, and long enough for the checks too' }));
  afterEach(() => restore());
  afterAll(() => resetSettings());

  it.each([
    'request',
    'autoescape',
    'template_name',
    'use_tz',
    'use_l10n',
    'dicts',
    'template',
    'render_context',
  ])('{{ %s }} is nothing where no variable has that name', async (name) => {
    site();
    expect(await render(`[{{ ${name} }}][{% if ${name} %}y{% endif %}][{% firstof ${name} "none" %}]`)).toBe(
      '[][][none]',
    );
    expect(await render(`[{{ ${name} }}]`, { [name]: 'given' })).toBe('[given]');
  });

  it('`request` is a variable by its context processor', async () => {
    site(REQUEST);
    expect(await render('{{ request.path }} {% with r=request %}{{ r.GET.page }}{% endwith %}')).toBe(
      '/books/ 2',
    );
  });

  it('and without it an included template has none either', async () => {
    site();
    expect(await render('[{{ request.path }}]')).toBe('[]');
    expect(
      await render('{% include t %}', { t: engines.get('django').fromString('[{{ request.path }}]') }),
    ).toBe('[]');
  });
});
