/** The filters of LOGGING. Django: `django.utils.log`. */
import { isConfigured, settings } from '../../conf';
import type { LogFilter } from '../../python/logging/handlers';
import type { LogRecord } from '../../python/logging/record';

/** Passes while DEBUG is on. */
export class RequireDebugTrue implements LogFilter {
  filter(): boolean {
    return isConfigured() && settings.DEBUG;
  }
}

/** Passes while DEBUG is off. */
export class RequireDebugFalse implements LogFilter {
  filter(): boolean {
    return !(isConfigured() && settings.DEBUG);
  }
}

/** Passes what a function says yes to. */
export class CallbackFilter implements LogFilter {
  constructor(private readonly options: { callback: (record: LogRecord) => boolean }) {}
  filter(record: LogRecord): boolean {
    return this.options.callback(record);
  }
}
