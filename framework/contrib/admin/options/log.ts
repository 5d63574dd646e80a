/** What is written to the log of the admin. */
import type { Model } from '../../../db/models/base';
import type { HttpRequest } from '../../../http/request';
import { userOf } from '../../auth/middleware';
import { type ActionFlag, ADDITION, CHANGE, type ChangeMessage, DELETION, LogEntry } from '../models';

async function write(
  request: HttpRequest,
  objects: readonly Model[],
  flag: ActionFlag,
  message: ChangeMessage | string,
): Promise<LogEntry[]> {
  const user = await userOf(request);
  return LogEntry.objects.logActions((user as { pk: unknown }).pk, objects, flag, message);
}

export async function addition(
  request: HttpRequest,
  obj: Model,
  message: ChangeMessage | string,
): Promise<LogEntry> {
  return (await write(request, [obj], ADDITION, message))[0] as LogEntry;
}

export async function change(
  request: HttpRequest,
  obj: Model,
  message: ChangeMessage | string,
): Promise<LogEntry> {
  return (await write(request, [obj], CHANGE, message))[0] as LogEntry;
}

export function deletions(request: HttpRequest, objects: readonly Model[]): Promise<LogEntry[]> {
  return write(request, objects, DELETION, '');
}
