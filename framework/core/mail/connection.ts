/** What messages are sent by: the classes of EMAIL_BACKEND. */
import { settings } from '../../conf';
import { importSetting } from '../../utils/module_loading';
import type { BaseEmailBackend, EmailBackendOptions } from './backends/base';

/** The class of a backend. */
export type EmailBackendClass = new (options?: EmailBackendOptions) => BaseEmailBackend;

/**
 * A new connection.
 *
 * @param backend the dotted name of a class, or the class; default: EMAIL_BACKEND.
 * @param options what the class takes: `host`, `username`, `filePath`, …
 */
export function getConnection(
  backend: string | EmailBackendClass | null = null,
  options: EmailBackendOptions = {},
): BaseEmailBackend {
  const Backend = importSetting<EmailBackendClass>(
    (backend ?? settings.EMAIL_BACKEND) as EmailBackendClass | string,
  );
  return new Backend(options);
}
