from django.urls import reverse


def test_switching_an_agency_off_ends_the_sessions_of_its_people(client_for, implementer, agency):
    browser = client_for(implementer)
    assert browser.get(reverse("integrations:imports")).status_code == 200

    agency.is_active = False
    agency.save()

    assert browser.get(reverse("integrations:imports")).status_code in (302, 403)
    assert "_auth_user_id" not in browser.session
