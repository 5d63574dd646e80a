/** The user of the machine, as the name that is offered. Django: the end of `django.contrib.auth.management`. */
import { userInfo } from 'node:os';
import { ValidationError } from '../../../core/validation_error';
import { User } from '../models';

/** The name of whoever runs the process; empty where the system does not know it. */
export function getSystemUsername(): string {
  try {
    return userInfo().username;
  } catch {
    return '';
  }
}

/** The same where it can be a new user's name: empty for another model of users, and where it is taken. */
export async function getDefaultUsername(database: string): Promise<string> {
  if (User._meta.swapped !== undefined) return '';
  const ascii = getSystemUsername()
    .normalize('NFKD')
    .replace(/[^\x20-\x7e]/g, '')
    .replaceAll(' ', '')
    .toLowerCase();
  if (ascii === '') return '';
  try {
    User._meta.getField('username').runValidators(ascii);
  } catch (error) {
    if (error instanceof ValidationError) return '';
    throw error;
  }
  return (await User.objects.dbManager(database).filter({ username: ascii }).exists()) ? '' : ascii;
}
