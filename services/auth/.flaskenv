FLASK_APP=habrio_auth.app:create_app
