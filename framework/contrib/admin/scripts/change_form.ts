// The first field of a new object has the focus.
{
  const { modelName } = document.getElementById('django-admin-form-add-constants')?.dataset ?? {};
  const controls =
    ':is(input, select, textarea):not([type="hidden"], [type="submit"], :disabled, .hidden, [hidden])';
  if (modelName) document.querySelector<HTMLElement>(`#${CSS.escape(modelName)}_form ${controls}`)?.focus();
}
