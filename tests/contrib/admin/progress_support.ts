/** What the tests of actions that say how far they are do. */
import { FINISHED_VAR } from 'tsango/contrib/admin/progress/finish';
import type { Client, ClientResponse } from 'tsango/test';
import { library } from './support';

export type Run = typeof import('./site/library/admin')['work']['run'];
export const LIST = '/admin/library/tag/';
export const FOLLOWED = { headers: { Accept: 'application/x-ndjson' } };

/** Says what the action `work` of tags does. */
export function does(run: Run): void {
  (require('./site/library/admin') as typeof import('./site/library/admin')).work.run = run;
}

export interface Line {
  readonly done?: number;
  readonly total?: number | null;
  readonly message?: string;
  readonly finished?: string;
  readonly error?: string;
}

/** Runs it on all tags. */
export async function post(
  client: Client,
  options: Parameters<Client['post']>[2] = {},
  data: Record<string, string | string[]> = {},
): Promise<ClientResponse> {
  const keys = (await library.Tag.objects.valuesList('pk', { flat: true })).map(String);
  return client.post(LIST, { action: 'work', index: '0', _selected_action: keys, ...data }, options);
}

export const linesOf = ({ text }: { readonly text: string }): Line[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);

/** What the script of the page does at the end. */
export const finish = (client: Client, lines: readonly Line[]): Promise<ClientResponse> =>
  client.post(LIST, { [FINISHED_VAR]: lines.at(-1)?.finished ?? '' });

export const messagesOf = ({ text }: { readonly text: string }): string[] =>
  [...text.matchAll(/<li class="(\w+)">([^<]*)<\/li>/g)].map(([, tag, words]) => `${tag}: ${words}`);

export async function tags(...words: string[]): Promise<void> {
  await library.Tag.objects.bulkCreate(words.map((word) => new library.Tag({ word })));
}

/** Makes words long, and tells. */
export const lengthen: Run = async function* (request, rows, ofTags) {
  const total = await rows.count();
  let done = 0;
  for await (const tag of rows.iterator()) {
    tag.word += '!';
    await tag.save();
    done += 1;
    yield { done, total, message: tag.word };
  }
  ofTags.messageUser(request, `${done} lengthened.`);
};
