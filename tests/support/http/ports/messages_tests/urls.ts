/** Views of the recorded site of messages that no description holds. */
import * as messages from 'tsango/contrib/messages';
import type { HttpRequest } from 'tsango/http';
import { HttpResponse, HttpResponseRedirect } from 'tsango/http';
import { engines, TemplateResponse } from 'tsango/template';
import { reverse } from 'tsango/urls';

const SOURCE = `{% if messages %}
<ul class="messages">
    {% for message in messages %}
    <li{% if message.tags %} class="{{ message.tags }}"{% endif %}>
        {{ message }}
    </li>
    {% endfor %}
</ul>
{% endif %}
`;

type Params = Readonly<Record<string, string>>;
type Adder = (request: HttpRequest, message: string, options?: { failSilently?: boolean }) => void;

function addAll(request: HttpRequest, { 0: level = '' }: Params): void {
  const adders = messages as unknown as Readonly<Record<string, Adder>>;
  const failSilently = request.POST.has('fail_silently');
  for (const message of request.POST.getlist('messages') as string[])
    adders[level]?.(request, message, { failSilently });
}

export function add(request: HttpRequest, params: Params): HttpResponse {
  addAll(request, params);
  return new HttpResponseRedirect(reverse('show_message'));
}

export function addTemplateResponse(request: HttpRequest, params: Params): HttpResponse {
  addAll(request, params);
  return new HttpResponseRedirect(reverse('show_template_response'));
}

const template = () => engines.get('django').fromString(SOURCE);

export async function show(request: HttpRequest): Promise<HttpResponse> {
  return new HttpResponse(await template().render({}, request));
}

export function showTemplateResponse(request: HttpRequest): TemplateResponse {
  return new TemplateResponse(request, template() as never);
}
