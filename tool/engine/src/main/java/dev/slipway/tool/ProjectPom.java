package dev.slipway.tool;

import java.util.function.UnaryOperator;

/// The POM of a project, as far as it says where the chassis is.
final class ProjectPom {

    static final String PARENT = "<relativePath>" + Chassis.FOLDER + "/service</relativePath>";
    static final String REPOSITORY = "<url>file://${project.basedir}/" + Chassis.FOLDER + "/repository</url>";

    private static final String FILE = "pom.xml";

    private ProjectPom() {}

    static boolean asksForChassis(Tree project) {
        Tree.File pom = project.files().get(FILE);
        return pom != null && pom.content().toString().contains(PARENT);
    }

    static Tree change(Tree project, UnaryOperator<String> change) {
        Tree.File pom = project.files().get(FILE);
        if (pom == null || !asksForChassis(project)) {
            return project;
        }
        var changed = Content.of(change.apply(pom.content().toString()));
        return project.with(FILE, new Tree.File(changed, pom.executable(), pom.from(), pom.ownership()));
    }
}
