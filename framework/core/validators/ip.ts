/** Addresses of the internet protocol. */

import { repr } from '../../python';
import { ValueError } from '../../python/errors';
import { parseIpv4 } from '../../python/ipaddress';
import { isValidIpv6Address } from '../../utils/ipv6';
import { gettextLazy as _ } from '../../utils/translation';
import { ValidationError } from '../exceptions';
import type { Validator } from './base';

function refused(value: unknown, protocol: string): ValidationError {
  return new ValidationError(_('Enter a valid %(protocol)s address.'), {
    code: 'invalid',
    params: { protocol: String(_(protocol)), value },
  });
}

function isIpv4Address(value: unknown): boolean {
  return typeof value === 'string' && parseIpv4(value) !== undefined;
}

/** Whether a value is an address of either version. */
export function isIpAddress(value: unknown): boolean {
  return isIpv4Address(value) || isValidIpv6Address(value);
}

/** @throws ValidationError for what is no IPv4 address. */
export function validateIpv4Address(value: unknown): void {
  if (!isIpv4Address(value)) throw refused(value, 'IPv4');
}

/** @throws ValidationError for what is no IPv6 address. */
export function validateIpv6Address(value: unknown): void {
  if (!isValidIpv6Address(value)) throw refused(value, 'IPv6');
}

/** @throws ValidationError for what is an address of neither version. */
export function validateIpv46Address(value: unknown): void {
  if (!isIpAddress(value)) throw refused(value, 'IPv4 or IPv6');
}

const BY_PROTOCOL: ReadonlyMap<string, readonly Validator[]> = new Map([
  ['both', [validateIpv46Address]],
  ['ipv4', [validateIpv4Address]],
  ['ipv6', [validateIpv6Address]],
]);

/**
 * The validators of a GenericIPAddressField.
 *
 * @throws ValueError for a protocol that there is not, or `unpackIpv4` with one of the two.
 */
export function ipAddressValidators(protocol: string, unpackIpv4: boolean): readonly Validator[] {
  if (protocol !== 'both' && unpackIpv4) {
    throw new ValueError("You can only use `unpackIpv4` if `protocol` is set to 'both'");
  }
  const found = BY_PROTOCOL.get(protocol.toLowerCase());
  if (found !== undefined) return found;
  throw new ValueError(`The protocol '${protocol}' is unknown. Supported: ${repr([...BY_PROTOCOL.keys()])}`);
}
