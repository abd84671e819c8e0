FLASK_APP=habrio_admin.app:create_app
