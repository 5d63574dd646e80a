/** Django: `django.core.checks.files`. */
import { statSync } from 'node:fs';
import { settings } from '../../conf';
import { Error as CheckError } from './messages';
import { register, Tags } from './registry';

register(() => {
  const folder = settings.FILE_UPLOAD_TEMP_DIR;
  if (!folder || statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return [
    new CheckError(`The FILE_UPLOAD_TEMP_DIR setting refers to the nonexistent directory '${folder}'.`, {
      id: 'files.E001',
    }),
  ];
}, Tags.files);
