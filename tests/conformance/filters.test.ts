import { configure } from 'tsango/conf';
import { register } from 'tsango/template/defaultfilters';
import { argumentsOf, replay } from '../support/recorded';
import { describeVectors } from '../support/vectors';

configure({ USE_TZ: false });

describeVectors('filters', 'the built-in filters', () => {
  replay('filters', (vector) => {
    const filter = register.filters.get(String(vector['call']));
    if (filter === undefined) throw new Error(`There is no filter ${String(vector['call'])}.`);
    const { args, kwargs } = argumentsOf(vector);
    const [value, argument = Object.values(kwargs).length > 1 ? kwargs['arg'] : undefined] = args;
    return filter.fn(value, argument, kwargs['autoescape']);
  });
});
