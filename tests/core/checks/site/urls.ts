/** A URLconf that each test fills. */
export const urlpatterns: unknown[] = [];
