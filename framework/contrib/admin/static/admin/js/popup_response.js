"use strict";
// A pop-up tells the page that opened it what was made, changed or deleted.
{
    const { popupResponse } = document.getElementById('django-admin-popup-response-constants')?.dataset ?? {};
    const opener = window.opener;
    opener?.postMessage({ djangoAdminPopup: JSON.parse(popupResponse ?? '{}'), name: window.name }, location.origin);
    window.close();
}
