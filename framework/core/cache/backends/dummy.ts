/** A cache that keeps nothing, for development. Django: `django.core.cache.backends.dummy`. */
import { BaseCache, type CacheParams, type KeyOptions, type Timeout, type UpdateOptions } from './base';

export class DummyCache extends BaseCache {
  override readonly shared = false;

  constructor(_location: string | readonly string[] = '', params: CacheParams = {}) {
    super(params);
  }

  override add(key: string, _value: unknown, _timeout?: Timeout, options?: KeyOptions): boolean {
    this.makeAndValidateKey(key, options);
    return true;
  }

  override get<T = unknown>(key: string): T | undefined;
  override get<T = unknown, D = T>(key: string, defaultValue: D, options?: KeyOptions): T | D;
  override get(key: string, defaultValue?: unknown, options?: KeyOptions): unknown {
    this.makeAndValidateKey(key, options);
    return defaultValue;
  }

  override set(key: string, _value: unknown, _timeout?: Timeout, options?: KeyOptions): void {
    this.makeAndValidateKey(key, options);
  }

  override touch(key: string, _timeout?: Timeout, options?: KeyOptions): boolean {
    this.makeAndValidateKey(key, options);
    return false;
  }

  override delete(key: string, options?: KeyOptions): boolean {
    this.makeAndValidateKey(key, options);
    return false;
  }

  override hasKey(key: string, options?: KeyOptions): boolean {
    this.makeAndValidateKey(key, options);
    return false;
  }

  override replace(key: string, _value: unknown, _timeout?: Timeout, options?: KeyOptions): boolean {
    return this.hasKey(key, options);
  }

  override update<T = unknown>(
    key: string,
    change: (current: T | undefined) => T | undefined,
    options: UpdateOptions = {},
  ): T | undefined {
    this.makeAndValidateKey(key, options);
    return change(undefined);
  }

  override clear(): void {}
}
