/** `{% load admin_list %}`: the parts of a list. Django: `django.contrib.admin.templatetags.admin_list`. */

import { Paginator } from '../../../core/paginator';
import type { Model } from '../../../db/models/base';
import type { Form } from '../../../forms/forms';
import { Library } from '../../../template/library';
import { formatHtml } from '../../../utils/html';
import { SafeString } from '../../../utils/safestring';
import { appliedConditions, conditionForm } from '../conditions';
import type { ListFilter } from '../filters';
import { IS_POPUP_VAR } from '../types';
import { ALL_VAR, type ChangeList, IS_FACETS_VAR, PAGE_VAR, SEARCH_VAR } from '../views/main';
import { adminInclusionTag } from './base';

export const register = new Library();

type List = ChangeList<Model>;

register.simpleTag('paginator_number', (cl: List, i: number | string) => {
  if (i === String(Paginator.ELLIPSIS)) return formatHtml('{} ', i);
  if (i === cl.pageNum) return formatHtml('<span class="this-page" aria-current="page">{}</span> ', i);
  const isLast = i === cl.pageRange.at(-1);
  return formatHtml(
    '<a href="{}"{}>{}</a> ',
    cl.getQueryString({ [PAGE_VAR]: i }),
    isLast ? new SafeString(' class="end"') : '',
    i,
  );
});

adminInclusionTag(register, 'pagination', 'pagination.html', (_context, cl: List) => {
  const isNeeded = cl.multiPage && !(cl.showAll && cl.canShowAll);
  return {
    cl,
    pagination_required: isNeeded,
    show_all_url: cl.canShowAll && !cl.showAll && cl.multiPage ? cl.getQueryString({ [ALL_VAR]: '' }) : false,
    page_range: isNeeded ? cl.pageRange : [],
    ALL_VAR,
    '1': 1,
  };
});

adminInclusionTag(register, 'result_list', 'change_list_results.html', (_context, cl: List) => {
  const headers = [...cl.headers];
  return {
    cl,
    result_hidden_fields: hiddenFields(cl),
    result_headers: headers,
    num_sorted_fields: headers.filter(({ sorted }) => sorted).length,
    results: cl.results,
  };
});

/** The hidden fields of the rows' forms: their keys. */
function hiddenFields(cl: List): SafeString[] {
  const key = cl.modelAdmin.formNameOf(cl.opts.pk.name);
  const forms = (cl.formset?.forms ?? []) as unknown as readonly Form[];
  return forms.flatMap((form) =>
    form.fields[key]?.widget.isHidden ? [new SafeString(String(form.get(key)))] : [],
  );
}

adminInclusionTag(register, 'date_hierarchy', 'date_hierarchy.html', (_context, cl: List) => ({
  ...cl.dates,
}));

adminInclusionTag(register, 'search_form', 'search_form.html', (_context, cl: List) => ({
  cl,
  show_result_count: cl.resultCount !== cl.fullResultCount,
  search_var: SEARCH_VAR,
  is_popup_var: IS_POPUP_VAR,
  is_facets_var: IS_FACETS_VAR,
}));

adminInclusionTag(register, 'condition_form', 'condition_form.html', (_context, cl: List) =>
  conditionForm(cl),
);

adminInclusionTag(register, 'applied_conditions', 'applied_conditions.html', (_context, cl: List) => ({
  applied: appliedConditions(cl),
  clear_link: cl.getQueryString({}, cl.getFiltersParams().keys()),
}));

adminInclusionTag(register, 'admin_actions', 'actions.html', (context) => {
  const index = Number(context.get('action_index', -1)) + 1;
  context.set('action_index', index);
  return { ...context.flatten(), action_index: index };
});

adminInclusionTag(register, 'change_list_object_tools', 'change_list_object_tools.html', (context) =>
  context.flatten(),
);

register.simpleTag(
  'admin_list_filter',
  (context: import('../../../template/context').Context, cl: List, spec: ListFilter) => {
    const { engine } = context.template as import('../../../template/template').Template;
    const template = engine.getTemplate(spec.template);
    const fresh = context.new({ title: String(spec.title), choices: [...spec.choices(cl)], spec });
    return new SafeString(template.renderIncluded(fresh));
  },
  { takesContext: true },
);
