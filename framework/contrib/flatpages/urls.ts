/** Every flat page below an address: `path('pages/', include('tsango.contrib.flatpages.urls'))`. */
import { path } from '../../urls';
import { flatpage } from './views';

export const urlpatterns = [
  path('<path:url>', flatpage, { name: 'django.contrib.flatpages.views.flatpage' }),
];
