"""What people do on the page: a form that a browser posted, turned into what their hands do in the workspace.

Each act is `act(workspace, place, form)`. Raises NotInWorkspace where somebody asks for what is not there, and Outdated
where it was there when the page was drawn.
"""
