/** IPv6 addresses as text. Django: `django.utils.ipv6`. */
import { ValidationError } from '../core/exceptions';
import { compressIpv6, mappedIpv4, parseIpv6 } from '../python/ipaddress';
import type { Text } from './functional';
import { gettextLazy as _ } from './translation';

/** The longest text of an address. */
export const MAX_IPV6_ADDRESS_LENGTH = 39;

/** What `cleanIpv6Address` takes. */
export interface CleanIpv6Options {
  /** An IPv4 address in IPv6's form becomes an IPv4 address. */
  unpackIpv4?: boolean;
  errorMessage?: Text;
  maxLength?: number;
}

/**
 * An IPv6 address in its shortest form.
 *
 * @throws ValidationError for what is none.
 */
export function cleanIpv6Address(
  text: string,
  {
    unpackIpv4 = false,
    errorMessage = _('This is not a valid IPv6 address.'),
    maxLength = MAX_IPV6_ADDRESS_LENGTH,
  }: CleanIpv6Options = {},
): string {
  const groups = text.length > maxLength ? undefined : parseIpv6(text);
  if (groups === undefined) {
    throw new ValidationError(errorMessage, { code: 'invalid', params: { protocol: String(_('IPv6')) } });
  }
  const mapped = mappedIpv4(groups);
  if (mapped === undefined) return compressIpv6(groups);
  return unpackIpv4 ? mapped : `::ffff:${mapped}`;
}

/** Whether a value is an IPv6 address. */
export function isValidIpv6Address(value: unknown): boolean {
  return (
    typeof value === 'string' && value.length <= MAX_IPV6_ADDRESS_LENGTH && parseIpv6(value) !== undefined
  );
}
