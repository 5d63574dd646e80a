/**
 * What a model is looked up by: `app.model`, the app's label as it is written, the model's name in lower case. Django:
 * `Options.label_lower`.
 */
export function modelKey(label: string): string {
  const at = label.indexOf('.') + 1;
  return label.slice(0, at) + label.slice(at).toLowerCase();
}
