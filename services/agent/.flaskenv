FLASK_APP=habrio_agent.app:create_app
