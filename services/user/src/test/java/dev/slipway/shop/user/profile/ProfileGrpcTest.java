package dev.slipway.shop.user.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.core.Problem;
import dev.slipway.core.Problem.FieldError;
import dev.slipway.grpc.GrpcProblems;
import dev.slipway.local.DevelopmentTokens;
import dev.slipway.shop.user.UserApp;
import dev.slipway.testing.TestService;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import proto.dev.slipway.shop.user.v1.ChangeProfileRequest;
import proto.dev.slipway.shop.user.v1.CreateProfileRequest;
import proto.dev.slipway.shop.user.v1.DeleteProfileRequest;
import proto.dev.slipway.shop.user.v1.ListProfilesRequest;
import proto.dev.slipway.shop.user.v1.Profile;
import proto.dev.slipway.shop.user.v1.ProfileInput;
import proto.dev.slipway.shop.user.v1.ProfileServiceGrpc;
import proto.dev.slipway.shop.user.v1.ProfileServiceGrpc.ProfileServiceBlockingStub;
import proto.dev.slipway.shop.user.v1.ReadProfileRequest;
import proto.dev.slipway.shop.user.v1.Sort;
import proto.dev.slipway.shop.user.v1.Status;

/// The API as gRPC clients see it, on a real database.
class ProfileGrpcTest {

    @RegisterExtension
    static final TestService service = TestService.of(new UserApp());

    private ManagedChannel channel;

    @BeforeEach
    void connect() {
        channel = NettyChannelBuilder.forAddress(
                        "localhost", service.address("grpc").getPort())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void disconnect() {
        channel.shutdownNow();
    }

    @Test
    void a_profile_is_created_read_changed_and_deleted() {
        var admin = as("ada", "admin");
        var created = create(admin, email());
        assertThat(created.getLocale()).isEqualTo("en");
        assertThat(created.getStatus()).isEqualTo(Status.STATUS_ACTIVE);
        var read = ReadProfileRequest.newBuilder().setId(created.getId()).build();
        assertThat(as(created.getId()).readProfile(read).getProfile()).isEqualTo(created);

        var changed = admin.changeProfile(ChangeProfileRequest.newBuilder()
                        .setId(created.getId())
                        .setExpectedVersion(1)
                        .setProfile(input(created.getEmail()).setStatus(Status.STATUS_SUSPENDED))
                        .build())
                .getProfile();
        assertThat(changed.getVersion()).isEqualTo(2);
        assertThat(changed.getStatus()).isEqualTo(Status.STATUS_SUSPENDED);

        var delete = DeleteProfileRequest.newBuilder().setId(created.getId());
        assertThat(refused(() -> admin.deleteProfile(delete.build())).code()).isEqualTo("version-required");
        assertThat(refused(() ->
                                admin.deleteProfile(delete.setExpectedVersion(1).build()))
                        .code())
                .isEqualTo("stale-version");
        admin.deleteProfile(delete.setExpectedVersion(2).build());
        assertThat(refused(() -> admin.readProfile(read)).code()).isEqualTo("not-found");
    }

    @Test
    void wrong_input_is_refused_by_its_fields() {
        var problem = refused(() -> as("ada", "admin").createProfile(CreateProfileRequest.getDefaultInstance()));

        assertThat(problem.code()).isEqualTo("invalid-input");
        assertThat(problem.fields()).extracting(FieldError::field).contains("displayName");
        var unknown = CreateProfileRequest.newBuilder()
                .setProfile(input(email()).setStatusValue(77))
                .build();
        assertThat(refused(() -> as("ada", "admin").createProfile(unknown)).code())
                .isEqualTo("invalid-input");
    }

    @Test
    void an_address_is_taken_once_by_whichever_protocol() {
        var email = email();
        service.as("ada", "admin")
                .post("/v1/users", "{\"email\": \"%s\", \"displayName\": \"Rest\"}".formatted(email))
                .expect(201);

        assertThat(refused(() -> create(as("ada", "admin"), email)).code()).isEqualTo("email-taken");
    }

    @Test
    void profiles_are_for_their_owners() {
        var created = create(as("ada", "admin"), email());
        var read = ReadProfileRequest.newBuilder().setId(created.getId()).build();

        assertThat(refused(() -> ProfileServiceGrpc.newBlockingStub(channel).readProfile(read))
                        .code())
                .isEqualTo("token-required");
        assertThat(refused(() -> as("eve").readProfile(read)).code()).isEqualTo("forbidden");
        assertThat(refused(() -> create(as("sue", "support"), email())).code()).isEqualTo("forbidden");
    }

    @Test
    void a_list_comes_in_pages() {
        var admin = as("ada", "admin");
        var name = "Page " + UUID.randomUUID();
        for (var i = 0; i < 3; i++) {
            admin.createProfile(CreateProfileRequest.newBuilder()
                    .setProfile(input(email()).setDisplayName(name + " " + i).setLocale("de-CH"))
                    .build());
        }
        var request =
                ListProfilesRequest.newBuilder().setSearch(name).setLimit(2).setSort(Sort.SORT_NAME_DESCENDING);

        var first = admin.listProfiles(request.build());
        assertThat(first.getItemsList()).extracting(Profile::getDisplayName).containsExactly(name + " 2", name + " 1");
        var second = admin.listProfiles(request.setCursor(first.getNext()).build());
        assertThat(second.getItemsList()).extracting(Profile::getDisplayName).containsExactly(name + " 0");
        assertThat(second.hasNext()).isFalse();

        for (var sort : List.of(Sort.SORT_NAME, Sort.SORT_CREATED, Sort.SORT_CREATED_DESCENDING)) {
            var sorted = ListProfilesRequest.newBuilder()
                    .setEmail(first.getItems(0).getEmail())
                    .setStatus(Status.STATUS_ACTIVE)
                    .setSort(sort)
                    .build();
            assertThat(admin.listProfiles(sorted).getItemsCount()).isEqualTo(1);
        }
        var unknown = ListProfilesRequest.newBuilder().setSortValue(77).build();
        assertThat(refused(() -> admin.listProfiles(unknown)).code()).isEqualTo("invalid-input");
    }

    private ProfileServiceBlockingStub as(String subject, String... roles) {
        var metadata = new Metadata();
        metadata.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer " + DevelopmentTokens.token(subject, List.of(roles), Instant.now()));
        return ProfileServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
    }

    private static Profile create(ProfileServiceBlockingStub client, String email) {
        return client.createProfile(CreateProfileRequest.newBuilder()
                        .setProfile(input(email))
                        .build())
                .getProfile();
    }

    private static ProfileInput.Builder input(String email) {
        return ProfileInput.newBuilder().setEmail(email).setDisplayName("Ann");
    }

    private static String email() {
        return UUID.randomUUID() + "@example.com";
    }

    private static Problem refused(Supplier<?> call) {
        var failure = catchThrowableOfType(StatusRuntimeException.class, call::get);
        return GrpcProblems.of(failure).orElseThrow();
    }
}
