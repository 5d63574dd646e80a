"""The Django site of docs/interop.md: who it takes a visitor for, and Django's own pages of users."""
from django.http import JsonResponse
from django.urls import include, path


def who(request):
    user = request.user
    return JsonResponse({
        'user': user.get_username(),
        'permissions': sorted(user.get_all_permissions()),
        'hash': getattr(user, 'password', ''),
        'secure': request.is_secure(),
    })


urlpatterns = [path('who/', who), path('accounts/', include('django.contrib.auth.urls'))]
