import { configure } from 'tsango/conf';
import { PlainTime } from 'tsango/python/datetime';
import { format, timeFormat } from 'tsango/utils/dateformat';
import { replay } from '../support/recorded';
import { decode } from '../support/vector_values';
import { describeVectors } from '../support/vectors';

configure({ USE_TZ: false });

describeVectors('dateformat', 'the format characters of dates', () => {
  replay('dateformat', (vector) => {
    const value = decode(vector['value']);
    const pattern = String(decode(vector['format']));
    return value instanceof PlainTime ? timeFormat(value, pattern) : format(value, pattern);
  });
});
