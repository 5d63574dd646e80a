/** Host names of requests and their validation. Django: the end of `django.http.request`. */
import { isSameDomain } from '../utils/http';

// A registered name or IPv4 address, or an IPv6 address in brackets; then a port. RFC 1034, RFC 3986.
const HOST = /^([a-z0-9.-]+|\[[a-f0-9]*:[a-f0-9.:]+\])(?::([0-9]+))?$/;

/** Longest host that is looked at: a domain has at most 253 characters. */
const MAX_HOST_LENGTH = 400;

/**
 * The domain of a host, in lower case and without a trailing dot, and its port; both empty for what is no host.
 */
export function splitDomainPort(host: string): [string, string] {
  if (host.length > MAX_HOST_LENGTH) return ['', ''];
  const match = HOST.exec(host.toLowerCase());
  if (match === null) return ['', ''];
  const domain = match[1] as string;
  return [domain.endsWith('.') ? domain.slice(0, -1) : domain, match[2] ?? ''];
}

/** Whether a domain matches one of the patterns: a domain, `.example.com` with its subdomains, or `*`. */
export function validateHost(host: string, allowedHosts: Iterable<string>): boolean {
  for (const pattern of allowedHosts) {
    if (pattern === '*' || isSameDomain(host, pattern)) return true;
  }
  return false;
}

/** What DEBUG allows where ALLOWED_HOSTS is empty. */
export const DEBUG_HOSTS: readonly string[] = ['.localhost', '127.0.0.1', '[::1]'];

/** Hosts that were found valid, for the patterns they were found with. */
const valid = new Set<string>();
let validFor: readonly string[] | undefined;

/** `validateHost` of a whole host, remembered: the same few hosts come with every request. */
export function isAllowedHost(host: string, allowedHosts: readonly string[]): boolean {
  if (validFor !== allowedHosts) {
    valid.clear();
    validFor = allowedHosts;
  }
  if (valid.has(host)) return true;
  const [domain] = splitDomainPort(host);
  if (domain === '' || !validateHost(domain, allowedHosts)) return false;
  if (valid.size < 1000) valid.add(host);
  return true;
}
